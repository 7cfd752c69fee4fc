package dev.parley.client;

import java.time.Duration;
import java.util.random.RandomGenerator;

/// How long to wait before the next attempt: exponential with full jitter, so that a herd of
/// clients spreads evenly.
///
/// See "Exponential Backoff And Jitter", AWS Architecture Blog, 2015.
final class BackOff {
  private static final int MAX_DOUBLINGS = 30;

  private final RandomGenerator random;
  private final long longestMillis;
  private long minMillis;
  private long maxMillis;
  private int failures;

  BackOff(RandomGenerator random, Duration min, Duration longest) {
    this.random = random;
    this.longestMillis = longest.toMillis();
    bounds(min.toMillis(), longestMillis);
  }

  /// Takes over what the server asked for, as far as the own limit allows.
  void bounds(long minMillis, long maxMillis) {
    this.minMillis = Math.clamp(minMillis, 1, longestMillis);
    this.maxMillis = Math.clamp(maxMillis, this.minMillis, longestMillis);
  }

  /// The wait after one more failure: anything from 0 to the doubled minimum, at most the maximum.
  Duration afterFailure() {
    long ceiling = Math.min(maxMillis, minMillis << Math.min(failures, MAX_DOUBLINGS));
    ceiling = ceiling <= 0 ? maxMillis : ceiling;
    failures++;
    return Duration.ofMillis(random.nextLong(ceiling + 1));
  }

  /// The wait after an end that was nobody's failure; the second such end in a row counts as one.
  Duration afterOrderlyEnd() {
    if (failures > 0) {
      return afterFailure();
    }
    failures++;
    return Duration.ofMillis(random.nextLong(minMillis + 1));
  }

  /// A random time within a span that the server gave.
  Duration anywhereWithin(long millis) {
    return Duration.ofMillis(random.nextLong(millis + 1));
  }

  /// All is well again.
  void reset() {
    failures = 0;
  }
}
