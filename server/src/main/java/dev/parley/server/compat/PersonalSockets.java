package dev.parley.server.compat;

import dev.parley.server.domain.access.Principal;
import dev.parley.server.gateway.SocketRoute.Decision;

/// The part of `/ws` that speaks for one user: sockets without a `room_id`.
public interface PersonalSockets {
  /// A socket for an account, until its token ends.
  Decision open(Principal.Account who);

  /// A socket for a name of the open realm.
  ///
  /// @throws dev.parley.server.base.RefusedException bad_request for names that cannot be kept
  Decision open(String name);
}
