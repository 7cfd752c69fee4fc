package dev.parley.server.compat.gochat;

import dev.parley.server.base.Limits;
import dev.parley.server.base.Refusal;
import dev.parley.server.domain.access.Principal;
import dev.parley.server.domain.access.RoomKind;
import dev.parley.server.domain.room.InboxEntry;
import dev.parley.server.domain.room.Room;
import dev.parley.server.domain.room.Rooms;
import dev.parley.server.rest.http.Answer;
import dev.parley.server.rest.http.Api;
import dev.parley.server.rest.http.Call;
import dev.parley.server.rest.http.RouteDraft;
import dev.parley.server.rest.http.Verb;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The third seed's rooms.
public final class GoChatRoomRoutes {
  static final String ROOMS = "/rooms";
  static final String ROOM = ROOMS + "/{room_id}";

  private final GoChat chat;
  private final Rooms rooms;

  public GoChatRoomRoutes(GoChat chat, Rooms rooms) {
    this.chat = chat;
    this.rooms = rooms;
  }

  /// A new room.
  record Create(@Nullable String name, @Nullable String type, @Nullable String topic) {}

  /// What is to be different; what is absent stays.
  record Change(@Nullable String name, @Nullable String topic, @Nullable Boolean isArchived) {}

  /// That something was done.
  record Done(String status) {
    static final Done SUCCESS = new Done("success");
  }

  public void register(Api api) {
    route(api, Verb.GET, ROOMS, "chatRooms", "Your rooms, newest first")
        .givesList(200, GoChatRoom.class)
        .signedIn((_, who) -> Answer.ok(mine(who)));
    route(api, Verb.POST, ROOMS, "chatCreateRoom", "Opens a room")
        .takes(Create.class)
        .gives(201, GoChatRoom.class)
        .signedIn(this::create);
    route(api, Verb.GET, ROOM, "chatRoom", "One room; a public one is joined")
        .gives(200, GoChatRoom.class)
        .signedIn(this::get);
    route(api, Verb.PATCH, ROOM, "chatChangeRoom", "Changes name, topic or archived flag")
        .takes(Change.class)
        .gives(200, GoChatRoom.class)
        .signedIn(this::change);
    route(api, Verb.DELETE, ROOM, "chatArchiveRoom", "Archives a room; its messages stay")
        .gives(200, Done.class)
        .signedIn(this::archive);
  }

  /// Begins a route that wants a token.
  static RouteDraft route(Api api, Verb verb, String path, String operation, String summary) {
    return api.route(GoChatErrors.GUARDED, verb, path, operation, summary);
  }

  private List<GoChatRoom> mine(Principal.Account who) {
    return rooms.inbox(GoChat.ORG, who.userId(), Optional.empty(), Limits.ROOMS_PER_USER).stream()
        .map(InboxEntry::room)
        .filter(room -> !room.archived())
        .sorted(Comparator.comparing(Room::createdAt).thenComparing(Room::id).reversed())
        .map(GoChatRoom::of)
        .toList();
  }

  private Answer create(Call call, Principal.Account who) {
    var wish = GoChatErrors.body(call, Create.class);
    var kind = kind(wish.type());
    var name = wish.name();
    if (name == null || name.isBlank()) {
      throw Refusal.badRequest("Room name is required");
    }
    var topic = wish.topic() == null ? "" : wish.topic();
    return Answer.created(GoChatRoom.of(rooms.create(chat.hall(who), kind, name, topic)));
  }

  private Answer get(Call call, Principal.Account who) {
    return Answer.ok(GoChatRoom.of(rooms.get(chat.enter(who, call.path("room_id")))));
  }

  private Answer change(Call call, Principal.Account who) {
    var wish = GoChatErrors.body(call, Change.class);
    var room =
        rooms.change(
            chat.member(who, call.path("room_id")),
            Optional.ofNullable(wish.name()),
            Optional.ofNullable(wish.topic()),
            Optional.ofNullable(wish.isArchived()));
    return Answer.ok(GoChatRoom.of(room));
  }

  private Answer archive(Call call, Principal.Account who) {
    var access = chat.member(who, call.path("room_id"));
    rooms.change(access, Optional.empty(), Optional.empty(), Optional.of(true));
    return Answer.ok(Done.SUCCESS);
  }

  private static RoomKind kind(@Nullable String type) {
    return switch (type) {
      case "public" -> RoomKind.PUBLIC;
      case "private" -> RoomKind.PRIVATE;
      case "group" -> RoomKind.GROUP;
      case null, default -> throw Refusal.badRequest("Invalid room type");
    };
  }
}
