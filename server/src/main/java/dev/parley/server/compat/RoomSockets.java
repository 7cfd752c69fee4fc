package dev.parley.server.compat;

import dev.parley.server.domain.access.Principal;
import dev.parley.server.gateway.SocketCall;
import dev.parley.server.gateway.SocketRoute.Decision;

/// The part of `/ws` that speaks about one room: sockets with a token and a `room_id`.
public interface RoomSockets {
  /// Decides about a socket in the room that the query names; refuses with bad_request if that is
  /// no room id, with forbidden if the room is not for this account.
  Decision open(SocketCall call, Principal.Account who);

  /// Whether a token was issued for these sockets only, so that it needs a room.
  boolean issued(Principal.Account who);
}
