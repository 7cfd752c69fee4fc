package dev.parley.server.domain.limit;

import java.time.Duration;

/// How often something may happen: a burst at once, and one more after each interval.
public record Pace(long burst, Duration interval) {
  /// As often as one likes.
  public static final Pace UNLIMITED = new Pace(1, Duration.ZERO);

  public Pace {
    if (burst < 1 || interval.isNegative()) {
      throw new IllegalArgumentException("a pace has a burst of at least 1");
    }
  }
}
