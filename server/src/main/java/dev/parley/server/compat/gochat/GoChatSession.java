package dev.parley.server.compat.gochat;

import dev.parley.protocol.CloseCode;
import dev.parley.server.base.Ids;
import dev.parley.server.base.Limits;
import dev.parley.server.base.OutageException;
import dev.parley.server.base.Refusal;
import dev.parley.server.base.RefusedException;
import dev.parley.server.base.RoomId;
import dev.parley.server.compat.Farewell;
import dev.parley.server.compat.SilentPoster;
import dev.parley.server.compat.gochat.GoChatFrame.Complaint;
import dev.parley.server.compat.gochat.GoChatFrame.Said;
import dev.parley.server.domain.access.Principal;
import dev.parley.server.domain.access.RoomAccess;
import dev.parley.server.domain.message.Messages;
import dev.parley.server.domain.presence.Presence;
import dev.parley.server.domain.room.Members;
import dev.parley.server.domain.room.Members.Words;
import dev.parley.server.domain.room.Rooms;
import dev.parley.server.gateway.Connection;
import dev.parley.server.gateway.Session;
import dev.parley.server.gateway.Subscription;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/// One socket: hears the room it was opened for and those that it joins, and speaks in them.
final class GoChatSession implements Session {
  private static final String NOTHING = "null";

  private final Services services;
  private final Connection connection;
  private final Seat seat;
  private final SilentPoster poster;
  private final Farewell farewell;
  private final Map<RoomId, RoomAccess> rooms = new LinkedHashMap<>(4);

  GoChatSession(Services services, Connection connection, Seat seat, Farewell farewell) {
    this.services = services;
    this.connection = connection;
    this.seat = seat;
    this.poster = new SilentPoster(services.messages(), connection);
    this.farewell = farewell;
  }

  /// The use cases behind all sockets, and what they share.
  record Services(
      GoChat chat,
      Rooms rooms,
      Members members,
      Messages messages,
      Presence presence,
      Attendance attendance,
      Ids ids) {}

  /// Who sits where.
  ///
  /// @param after the last event of the room before the socket was opened
  record Seat(Principal.Account who, RoomAccess access, long after, GoChatDialect dialect) {}

  @Override
  public String dialect() {
    return "gochat";
  }

  @Override
  public void opened() {
    farewell.awaitExpiry();
    hear(seat.access(), seat.after());
  }

  @Override
  public void text(String frame) {
    Said.read(frame)
        .ifPresentOrElse(
            said -> poster.attempt(() -> tolerate(() -> take(said))),
            () -> complain("this is no frame"));
  }

  @Override
  public boolean takesBinary() {
    return true;
  }

  @Override
  public void fenced(Subscription subscription) {
    var access = rooms.remove(subscription.access().roomId());
    if (access == null) {
      return;
    }
    bow(access);
    if (rooms.isEmpty()) {
      connection.close(CloseCode.FORBIDDEN, GoChat.NO_MEMBER);
    }
  }

  @Override
  public void drain(long withinMillis) {
    farewell.drain(withinMillis);
  }

  @Override
  public void alarm() {
    farewell.alarm();
  }

  @Override
  public void closed(int code) {
    rooms.values().forEach(this::tellGone);
    rooms.clear();
    services.presence().leave(GoChatSockets.CIRCLE, seat.who().userId());
  }

  // ---- what a client says

  /// Types that are not known are ignored, as they always were.
  private void take(Said said) {
    switch (said.kind()) {
      case "message" -> post(said);
      case "typing", "typing_start" -> services.members().typing(known(said), true);
      case "typing_stop" -> services.members().typing(known(said), false);
      case "read" -> read(said);
      case GoChatDialect.JOIN -> join(said);
      case GoChatDialect.LEAVE -> leave(said);
      default -> complain("unknown type");
    }
  }

  private void post(Said said) {
    var content = GoChatContent.of(said.content(), said.messageType(), said.fileUrl());
    var parent = said.parentId() == null ? OptionalLong.empty() : OptionalLong.of(said.parentId());
    var access = heard(said).orElseGet(() -> services.chat().enter(seat.who(), name(said)));
    var message = content.message(services.ids(), seat.who().username(), parent);
    // Here, because what cannot be kept must not be lost in silence.
    poster.attempt(() -> poster.post(access, message));
  }

  private void read(Said said) {
    var message = said.messageId();
    if (message == null) {
      throw Refusal.badRequest("message_id is required");
    }
    try {
      services.members().read(known(said), message);
    } catch (OutageException e) {
      complain("the database is away");
    }
  }

  private void join(Said said) {
    if (heard(said).isPresent()) {
      return;
    }
    if (rooms.size() >= Limits.SUBSCRIPTIONS) {
      throw Refusal.conflict("one socket hears at most " + Limits.SUBSCRIPTIONS + " rooms");
    }
    var access = services.chat().enter(seat.who(), name(said));
    hear(access, services.rooms().head(access).pos());
  }

  private void leave(Said said) {
    var access = rooms.remove(room(said));
    if (access != null) {
      connection.unsubscribe(access.roomId());
      bow(access);
    }
  }

  /// A room in which somebody may type and read; nobody becomes a member by that.
  private RoomAccess known(Said said) {
    return heard(said).orElseGet(() -> services.chat().member(seat.who(), name(said)));
  }

  private Optional<RoomAccess> heard(Said said) {
    return Optional.ofNullable(rooms.get(room(said)));
  }

  /// Who names no room means the one that the socket was opened for.
  private RoomId room(Said said) {
    return said.room().map(GoChat::room).orElse(seat.access().roomId());
  }

  private String name(Said said) {
    return room(said).toString();
  }

  private void tolerate(Runnable act) {
    try {
      act.run();
    } catch (RefusedException e) {
      complain(e.refusal().message());
    }
  }

  private void complain(String message) {
    if (seat.dialect().more()) {
      connection.send(Complaint.of(message));
    }
  }

  // ---- coming and going

  private void hear(RoomAccess access, long after) {
    rooms.put(access.roomId(), access);
    connection.subscribe(access, seat.dialect(), after);
    services.attendance().come(access.roomId(), seat.who().userId());
    signal(access, GoChatDialect.JOIN, true);
  }

  /// The client's own farewell comes first; the others hear of it if this was its last socket
  /// there.
  private void bow(RoomAccess access) {
    connection.send(
        GoChatFrame.act(
                GoChatDialect.LEAVE,
                seat.who().userId(),
                access.roomId(),
                seat.dialect().clock().instant())
            .bytes());
    tellGone(access);
  }

  private void tellGone(RoomAccess access) {
    if (services.attendance().go(access.roomId(), seat.who().userId())) {
      signal(access, GoChatDialect.LEAVE, false);
    }
  }

  private void signal(RoomAccess access, String kind, boolean echo) {
    services.members().signal(access, seat.who(), new Words(kind, NOTHING), Optional.empty(), echo);
  }
}
