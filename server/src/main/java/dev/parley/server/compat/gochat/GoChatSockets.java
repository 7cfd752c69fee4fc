package dev.parley.server.compat.gochat;

import dev.parley.server.base.Ids;
import dev.parley.server.base.Refusal;
import dev.parley.server.base.RefusedException;
import dev.parley.server.compat.RoomSockets;
import dev.parley.server.compat.SeedDoor;
import dev.parley.server.compat.gochat.GoChatSession.Seat;
import dev.parley.server.compat.gochat.GoChatSession.Services;
import dev.parley.server.domain.access.Principal;
import dev.parley.server.domain.identity.Issuer;
import dev.parley.server.domain.message.Messages;
import dev.parley.server.domain.presence.Circle;
import dev.parley.server.domain.presence.Presence;
import dev.parley.server.domain.room.Members;
import dev.parley.server.domain.room.Rooms;
import dev.parley.server.gateway.SocketCall;
import dev.parley.server.gateway.SocketRoute.Accept;
import dev.parley.server.gateway.SocketRoute.Decision;
import java.util.Optional;

/// Opens the third seed's sockets: `/ws?token=…&room_id=…`.
public final class GoChatSockets implements RoomSockets {
  /// Those with a socket of this dialect.
  static final Circle CIRCLE = new Circle("gochat");

  private static final String ROOM = "room_id";

  private final Services services;
  private final SeedDoor door;

  public GoChatSockets(
      GoChat chat,
      Rooms rooms,
      Members members,
      Messages messages,
      Presence presence,
      Ids ids,
      SeedDoor door) {
    this.services = new Services(chat, rooms, members, messages, presence, new Attendance(), ids);
    this.door = door;
  }

  @Override
  public boolean issued(Principal.Account who) {
    return who.issuer().equals(Issuer.GOCHAT.wireName());
  }

  @Override
  public Decision open(SocketCall call, Principal.Account who) {
    var access = services.chat().enter(who, room(call));
    var dialect = new GoChatDialect(door.clock(), "all".equals(call.query().get("events")));
    var seat = new Seat(who, access, services.rooms().head(access).pos(), dialect);
    return new Accept(
        Optional.of(who),
        door.rules(),
        connection -> {
          // Here, and not when the session opens: whoever has its 101 is there.
          services.presence().enter(CIRCLE, who.userId());
          return new GoChatSession(services, connection, seat, door.farewell(connection, who));
        });
  }

  private static String room(SocketCall call) {
    var room = call.query().getOrDefault(ROOM, "");
    if (room.isEmpty()) {
      throw Refusal.badRequest("Missing room_id");
    }
    try {
      return GoChat.room(room).toString();
    } catch (RefusedException e) {
      throw Refusal.badRequest("Invalid room_id");
    }
  }
}
