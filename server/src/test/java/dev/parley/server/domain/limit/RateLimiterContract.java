package dev.parley.server.domain.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// What every limiter must do, within one process or over several.
public interface RateLimiterContract {
  RateLimit LIMIT = RateLimit.LOGIN_ACCOUNT;

  /// The limiter.
  RateLimiter limiter();

  @Test
  default void aBurstIsGrantedAndThenTheTimeToWaitIsTold() {
    var key = UUID.randomUUID().toString();
    use(key, LIMIT.permits());
    assertThat(limiter().tryAcquire(LIMIT, key))
        .isPositive()
        .isLessThanOrEqualTo(LIMIT.pace().interval());
  }

  @Test
  default void keysAndLimitsAreCountedApart() {
    var key = UUID.randomUUID().toString();
    use(key, LIMIT.permits());
    assertThat(limiter().tryAcquire(LIMIT, key + "-other")).isZero();
    assertThat(limiter().tryAcquire(RateLimit.LOGIN_ADDRESS, key)).isZero();
  }

  @Test
  default void whatNeedNotCountIsTakenBack() {
    var key = UUID.randomUUID().toString();
    use(key, LIMIT.permits());
    limiter().giveBack(LIMIT, key);
    assertThat(limiter().tryAcquire(LIMIT, key)).isZero();
    assertThat(limiter().tryAcquire(LIMIT, key)).isPositive();
  }

  @Test
  default void noMoreThanTheBurstIsGivenBack() {
    var key = UUID.randomUUID().toString();
    use(key, 1);
    IntStream.range(0, 50).forEach(i -> limiter().giveBack(LIMIT, key));
    use(key, LIMIT.permits());
    assertThat(limiter().tryAcquire(LIMIT, key)).isPositive();
  }

  private void use(String key, int permits) {
    for (int i = 0; i < permits; i++) {
      assertThat(limiter().tryAcquire(LIMIT, key)).isZero();
    }
  }
}
