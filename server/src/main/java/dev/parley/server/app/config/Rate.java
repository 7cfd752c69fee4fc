package dev.parley.server.app.config;

import java.time.Duration;

/// How often something may happen.
///
/// @param permits how many are given back in every period, at least 1
/// @param period at least one second
/// @param burst how many may come at once, at least 1
public record Rate(long permits, Duration period, long burst) {
  public Rate {
    if (permits < 1 || burst < 1 || period.compareTo(Duration.ofSeconds(1)) < 0) {
      throw new IllegalArgumentException(
          "a rate gives at least 1 permit a period of at least 1s, with a burst of at least 1");
    }
  }
}
