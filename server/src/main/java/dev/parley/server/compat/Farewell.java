package dev.parley.server.compat;

import dev.parley.protocol.CloseCode;
import dev.parley.server.domain.access.Principal;
import dev.parley.server.gateway.Connection;
import java.time.Duration;
import java.time.InstantSource;
import java.util.random.RandomGenerator;

/// Takes leave of one client that knows neither `drain` nor `expiring`: its socket is closed with
/// 4401 when its token has expired, and with 1001 when the node stops, at a moment of its own so
/// that not all clients come back at once. Used by the session's thread.
public final class Farewell {
  /// An alarm may ring up to a second early; this one must not be called off by coming to zero.
  private static final Duration SHORTEST = Duration.ofSeconds(1);

  private final Connection connection;
  private final Principal who;
  private final InstantSource clock;
  private final RandomGenerator random;
  private boolean draining;

  Farewell(Connection connection, Principal who, InstantSource clock, RandomGenerator random) {
    this.connection = connection;
    this.who = who;
    this.clock = clock;
    this.random = random;
  }

  /// The session has begun: somebody with a token stays as long as the token is good.
  public void awaitExpiry() {
    if (who instanceof Principal.Account account) {
      await(account);
    }
  }

  /// The node goes down within this time.
  public void drain(long withinMillis) {
    draining = true;
    connection.alarm(Duration.ofMillis(random.nextLong(1, Math.max(2, withinMillis))));
  }

  /// A moment that was waited for has come.
  public void alarm() {
    if (draining) {
      connection.close(CloseCode.GOING_AWAY, "the server stops");
    } else if (who instanceof Principal.Account account) {
      expire(account);
    }
  }

  private void expire(Principal.Account account) {
    if (clock.instant().isBefore(account.expiresAt())) {
      await(account);
    } else {
      connection.close(CloseCode.AUTH, "the token has expired");
    }
  }

  private void await(Principal.Account account) {
    var left = Duration.between(clock.instant(), account.expiresAt());
    connection.alarm(left.compareTo(SHORTEST) > 0 ? left : SHORTEST);
  }
}
