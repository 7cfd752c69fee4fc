package dev.parley.server.rest;

import dev.parley.server.base.OrgId;
import dev.parley.server.base.RoomId;
import dev.parley.server.base.UserId;
import dev.parley.server.domain.access.OrgAccess;
import dev.parley.server.domain.access.Principal;
import dev.parley.server.domain.access.Role;
import dev.parley.server.domain.access.RoomAccess;
import dev.parley.server.domain.access.RoomKind;
import dev.parley.server.domain.room.InboxEntry;
import dev.parley.server.domain.room.Room;
import dev.parley.server.domain.room.Rooms;
import dev.parley.server.rest.http.Answer;
import dev.parley.server.rest.http.Api;
import dev.parley.server.rest.http.Call;
import dev.parley.server.rest.http.Dialect;
import dev.parley.server.rest.http.Json;
import dev.parley.server.rest.http.Verb;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Rooms and their logs.
public final class RoomRoutes {
  private static final Dialect DIALECT = Dialect.ofNative("Rooms");
  private static final String ORG_ROOMS = "/api/v1/orgs/{org_id}/rooms";
  private static final String ROOMS = "/api/v1/rooms";
  private static final String ROOM = ROOMS + "/{room_id}";
  private static final int PAGE = 200;

  private final Rooms rooms;
  private final EventWriter events;

  public RoomRoutes(Rooms rooms, EventWriter events) {
    this.rooms = rooms;
    this.events = events;
  }

  /// A new room.
  record CreateRoom(String name, RoomKind kind, @Nullable String topic) {}

  /// What is to be different; what is absent stays.
  record ChangeRoom(@Nullable String name, @Nullable String topic, @Nullable Boolean archived) {}

  /// With whom to speak directly.
  record OpenDirect(UserId userId) {}

  /// A room.
  record RoomView(
      RoomId roomId,
      OrgId orgId,
      RoomKind kind,
      String name,
      String topic,
      boolean archived,
      UserId createdBy,
      Instant createdAt,
      String epoch,
      long pos,
      long seq) {}

  /// Rooms.
  record RoomList(List<RoomView> rooms) {}

  /// A room of yours with your numbers.
  record InboxRoom(
      RoomId roomId,
      OrgId orgId,
      RoomKind kind,
      String name,
      String epoch,
      long pos,
      long seq,
      long readSeq,
      long unread,
      long mentions) {}

  /// Your rooms.
  ///
  /// @param mark hand it in as `mark` to be told only what changed since
  record InboxView(List<InboxRoom> rooms, String mark, boolean truncated) {}

  /// A page of a room's log.
  ///
  /// @param pos where the log stands; there is more if the last event is before it
  record EventPage(String epoch, long pos, List<Json.Raw> events) {}

  public void register(Api api) {
    api.route(DIALECT, Verb.POST, ORG_ROOMS, "createRoom", "Opens a room, which you own")
        .takes(CreateRoom.class)
        .gives(201, RoomView.class)
        .inOrg(Role.MEMBER, this::create);
    api.route(DIALECT, Verb.GET, ORG_ROOMS, "listRooms", "Your rooms and the public ones")
        .gives(200, RoomList.class)
        .inOrg(Role.GUEST, this::list);
    api.route(
            DIALECT,
            Verb.POST,
            "/api/v1/orgs/{org_id}/direct",
            "openDirect",
            "The direct room with another user, opened if there is none yet")
        .takes(OpenDirect.class)
        .gives(200, RoomView.class)
        .inOrg(Role.GUEST, this::direct);
    api.route(DIALECT, Verb.GET, ROOMS, "listInbox", "Your rooms everywhere, with unread numbers")
        .query("mark", "Only what changed since this mark")
        .number("limit", "How many, 200 if absent, 500 at most")
        .gives(200, InboxView.class)
        .signedIn(this::inbox);
    api.route(DIALECT, Verb.GET, ROOM, "getRoom", "One room")
        .gives(200, RoomView.class)
        .mayLook((_, access) -> Answer.ok(view(rooms.get(access))));
    api.route(DIALECT, Verb.PATCH, ROOM, "changeRoom", "Changes name, topic or archived flag")
        .takes(ChangeRoom.class)
        .gives(200, RoomView.class)
        .inRoom(Role.GUEST, this::change);
    api.route(
            DIALECT,
            Verb.GET,
            ROOM + "/events",
            "listEvents",
            "The room's log, ascending by pos without a hole")
        .number("after", "Only what comes after this pos; 0 if absent")
        .number("limit", "How many, 200 if absent, 500 at most")
        .gives(200, EventPage.class)
        .mayLook(this::events);
  }

  private Answer create(Call call, OrgAccess access) {
    var wish = call.body(CreateRoom.class);
    var topic = wish.topic() == null ? "" : wish.topic();
    var room = rooms.create(access, wish.kind(), wish.name(), topic);
    return Answer.created(view(room)).with("Location", ROOMS + "/" + room.id());
  }

  private Answer list(Call call, OrgAccess access) {
    return Answer.ok(new RoomList(rooms.list(access).stream().map(RoomRoutes::view).toList()));
  }

  private Answer direct(Call call, OrgAccess access) {
    return Answer.ok(view(rooms.direct(access, call.body(OpenDirect.class).userId())));
  }

  private Answer inbox(Call call, Principal.Account account) {
    var mark = call.query("mark");
    var inbox = rooms.inbox(account.userId(), mark, call.limit(PAGE));
    return Answer.ok(
        new InboxView(
            inbox.entries().stream()
                .filter(entry -> mark.isEmpty() || entry.changed())
                .map(RoomRoutes::view)
                .toList(),
            inbox.mark(),
            inbox.truncated()));
  }

  private Answer change(Call call, RoomAccess access) {
    var wish = call.body(ChangeRoom.class);
    return Answer.ok(
        view(
            rooms.change(
                access,
                Optional.ofNullable(wish.name()),
                Optional.ofNullable(wish.topic()),
                Optional.ofNullable(wish.archived()))));
  }

  private Answer events(Call call, RoomAccess access) {
    // The head is read first: an event that comes in between is in the page or in the next one.
    var head = rooms.head(access);
    var page = rooms.events(access, call.number("after").orElse(0), call.limit(PAGE));
    return Answer.ok(
        new EventPage(
            head.epoch(),
            head.pos(),
            page.stream().map(event -> new Json.Raw(events.json(event))).toList()));
  }

  static RoomView view(Room room) {
    return new RoomView(
        room.id(),
        room.org(),
        room.kind(),
        room.name(),
        room.topic(),
        room.archived(),
        room.createdBy(),
        room.createdAt(),
        room.head().epoch(),
        room.head().pos(),
        room.head().seq());
  }

  private static InboxRoom view(InboxEntry entry) {
    var room = entry.room();
    return new InboxRoom(
        room.id(),
        room.org(),
        room.kind(),
        room.name(),
        room.head().epoch(),
        room.head().pos(),
        room.head().seq(),
        entry.readSeq(),
        entry.unread(),
        entry.mentions());
  }
}
