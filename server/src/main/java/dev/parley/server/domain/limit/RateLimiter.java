package dev.parley.server.domain.limit;

import dev.parley.server.base.Refusal;
import java.time.Duration;

/// Counts what is limited, each [RateLimit] apart for each key (an account, an address, a device).
///
/// Safe for many threads and quick; never fails: what a limiter cannot remember it limits more
/// strictly, never less. Counts may be lost with the process.
public interface RateLimiter {
  /// Takes one permit.
  ///
  /// @return zero if it was granted, otherwise after which time one will be
  Duration tryAcquire(RateLimit limit, String key);

  /// Gives back a permit that was granted, when it turns out that the act need not count.
  void giveBack(RateLimit limit, String key);

  /// Takes one permit or refuses.
  ///
  /// @throws dev.parley.server.base.RefusedException rate_limited, with the time to wait
  default void acquire(RateLimit limit, String key) {
    var wait = tryAcquire(limit, key);
    if (wait.isPositive()) {
      throw Refusal.rateLimited(wait);
    }
  }
}
