package dev.parley.server.compat;

import dev.parley.server.base.Refusal;
import dev.parley.server.rest.http.Route;

/// The part of the server where a name is enough.
///
/// @param on whether it is switched on; otherwise everything in it answers `unauthorized`
/// @param autoCreate whether joining something that does not exist creates it
public record OpenRealm(boolean on, boolean autoCreate) {
  private static final String OFF =
      "the open realm is switched off (COMPAT_OPEN); sign in and use the native API";

  /// Goes on only if it is switched on.
  ///
  /// @throws dev.parley.server.base.RefusedException unauthorized
  public void require() {
    if (!on) {
      throw Refusal.unauthorized(OFF);
    }
  }

  /// The same for a route.
  public Route.Action guard(Route.Action action) {
    return call -> {
      require();
      return action.answer(call);
    };
  }
}
