package dev.parley.server.compat;

import dev.parley.protocol.CloseCode;
import dev.parley.server.gateway.Connection;
import java.time.Duration;
import java.util.random.RandomGenerator;

/// Takes leave of one client that knows no `drain`: its socket is closed with 1001 at a moment of
/// its own, so that not all clients come back at once.
public final class Farewell {
  private final Connection connection;
  private final RandomGenerator random;

  public Farewell(Connection connection, RandomGenerator random) {
    this.connection = connection;
    this.random = random;
  }

  /// The node goes down within this time.
  public void drain(long withinMillis) {
    connection.alarm(Duration.ofMillis(random.nextLong(1, Math.max(2, withinMillis))));
  }

  /// The moment has come.
  public void alarm() {
    connection.close(CloseCode.GOING_AWAY, "the server stops");
  }
}
