package dev.parley.server.rest.http;

/// Decides whether a call may go on at this pace.
@FunctionalInterface
public interface Throttle {
  /// Lets everything pass.
  Throttle OPEN = call -> {};

  /// Goes on, or refuses. Called before the route's guard; must not block for long.
  ///
  /// @throws dev.parley.server.base.RefusedException rate_limited
  void admit(Call call);
}
