package dev.parley.server.adapter.postgres.embedded;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// A running server.
///
/// @param process its first process, which ends all others
/// @param port where it listens on the loopback address
record Server(ProcessHandle process, int port) {
  private static final long FAST_SECONDS = 30;
  private static final long IMMEDIATE_SECONDS = 10;

  /// Ends the server: first cleanly, with a checkpoint; if that takes too long, at once, which
  /// costs a recovery at the next start but no data.
  void stop(Programs programs) throws InterruptedException {
    programs.signal("INT", process.pid());
    if (endsWithin(FAST_SECONDS)) {
      return;
    }
    programs.signal("QUIT", process.pid());
    if (!endsWithin(IMMEDIATE_SECONDS)) {
      process.destroyForcibly();
    }
  }

  /// Whether the server ends within this time; waits for it.
  boolean endsWithin(long seconds) throws InterruptedException {
    try {
      process.onExit().get(seconds, TimeUnit.SECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }
}
