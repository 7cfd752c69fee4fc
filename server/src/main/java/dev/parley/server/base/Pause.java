package dev.parley.server.base;

import java.time.Duration;

/// Lets the calling thread wait. Only virtual threads may: it holds what calls it.
@FunctionalInterface
public interface Pause {
  /// Waits; returns early, with the thread's interrupt flag set, if it is interrupted.
  void await(Duration time);
}
