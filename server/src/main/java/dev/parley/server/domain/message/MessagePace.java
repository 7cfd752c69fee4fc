package dev.parley.server.domain.message;

import dev.parley.server.base.Pause;
import dev.parley.server.base.Refusal;
import dev.parley.server.base.RefusedException;
import dev.parley.server.base.UserId;
import dev.parley.server.domain.limit.RateLimit;
import dev.parley.server.domain.limit.RateLimiter;
import java.time.Duration;

/// How fast one user may write ([RateLimit#MESSAGES]).
public final class MessagePace {
  /// Whoever would have to wait longer is refused after all.
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final RateLimiter limiter;
  private final Pause pause;

  public MessagePace(RateLimiter limiter, Pause pause) {
    this.limiter = limiter;
    this.pause = pause;
  }

  /// Counts one act.
  ///
  /// @throws RefusedException rate_limited
  void require(UserId user) {
    limiter.acquire(RateLimit.MESSAGES, user.value());
  }

  /// Counts one act as soon as it is due; blocks meanwhile.
  ///
  /// @throws RefusedException rate_limited, if that takes longer than half a minute
  void await(UserId user) {
    var waited = Duration.ZERO;
    var wait = limiter.tryAcquire(RateLimit.MESSAGES, user.value());
    while (wait.isPositive()) {
      waited = waited.plus(wait);
      if (waited.compareTo(PATIENCE) > 0 || Thread.currentThread().isInterrupted()) {
        throw Refusal.rateLimited(wait);
      }
      pause.await(wait);
      wait = limiter.tryAcquire(RateLimit.MESSAGES, user.value());
    }
  }
}
