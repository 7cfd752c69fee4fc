package dev.parley.server.compat;

import dev.parley.server.base.Refusal;
import dev.parley.server.domain.access.Principal;
import dev.parley.server.gateway.NativeSockets;
import dev.parley.server.gateway.SocketCall;
import dev.parley.server.gateway.SocketRoute;
import dev.parley.server.gateway.SocketRoute.Decision;
import java.util.Optional;
import java.util.Set;

/// The one path that several kinds of clients share: `/ws`. What a client shows in its handshake
/// decides once and for all which frames it hears:
/// * the subprotocol `parley.v1`: the native ones;
/// * a token and a `room_id`: those of a room;
/// * a token alone: the second seed's, as the token's subject, whatever `user_id` says;
/// * `user_id` alone: the same as that name, as long as the open realm is switched on.
public final class SharedSocket {
  private static final String ROOM = "room_id";
  private static final String USER = "user_id";

  private final NativeSockets natives;
  private final PersonalSockets messaging;
  private final Optional<RoomSockets> rooms;
  private final OpenRealm realm;
  private final SeedDoor door;

  /// @param rooms empty where no dialect of rooms is served; then a `room_id` is a bad request
  public SharedSocket(
      NativeSockets natives,
      PersonalSockets messaging,
      Optional<RoomSockets> rooms,
      OpenRealm realm,
      SeedDoor door) {
    this.natives = natives;
    this.messaging = messaging;
    this.rooms = rooms;
    this.realm = realm;
    this.door = door;
  }

  /// The route to be added.
  public SocketRoute route() {
    return new SocketRoute(
        "/ws", SocketRoute.Policy.SHARED, Set.of(NativeSockets.SUBPROTOCOL, "bearer"), this::open);
  }

  private Decision open(SocketCall call) {
    return call.subprotocols().contains(NativeSockets.SUBPROTOCOL)
        ? natives.open(call)
        : door.decide(call, this::openSeed);
  }

  private Decision openSeed(SocketCall call) {
    var token = call.token().filter(text -> !text.isEmpty());
    var room = query(call, ROOM);
    if (token.isPresent()) {
      var complaint = room.isPresent() ? "Invalid token" : "Unauthorized: the token is not valid";
      var who = door.account(token.get(), complaint);
      return room.isPresent() ? inRoom(call, who) : alone(who);
    }
    if (room.isPresent()) {
      throw Refusal.unauthorized("Missing token");
    }
    return byName(query(call, USER));
  }

  private Decision inRoom(SocketCall call, Principal.Account who) {
    return rooms
        .orElseThrow(() -> Refusal.badRequest("there are no sockets of rooms here"))
        .open(call, who);
  }

  private Decision alone(Principal.Account who) {
    if (rooms.map(there -> there.issued(who)).orElse(false)) {
      throw Refusal.badRequest("Missing room_id");
    }
    return messaging.open(who);
  }

  private Decision byName(Optional<String> name) {
    if (name.isEmpty() && realm.on()) {
      throw Refusal.badRequest("user_id or token required");
    }
    if (!realm.on()) {
      throw Refusal.unauthorized("Unauthorized: missing token query parameter");
    }
    return messaging.open(name.orElseThrow());
  }

  private static Optional<String> query(SocketCall call, String name) {
    return Optional.ofNullable(call.query().get(name)).filter(text -> !text.isEmpty());
  }
}
