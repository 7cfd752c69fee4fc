package dev.parley.server.adapter.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.server.base.Refusal.RateLimited;
import dev.parley.server.base.RefusedException;
import dev.parley.server.base.Telemetry;
import dev.parley.server.domain.limit.RateLimit;
import dev.parley.server.domain.limit.RateLimiter;
import dev.parley.server.domain.limit.RateLimiterContract;
import dev.parley.server.testing.TestClock;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class MemoryRateLimiterTest implements RateLimiterContract {
  private static final RateLimit LIMIT = RateLimit.LOGIN_ACCOUNT;
  private static final Duration INTERVAL = LIMIT.period().dividedBy(LIMIT.permits());

  private final TestClock clock = new TestClock();
  private final MemoryRateLimiter limiter = new MemoryRateLimiter(clock, 100, Telemetry.SILENT);

  @Override
  public RateLimiter limiter() {
    return limiter;
  }

  @Test
  void grantsABurstAndThenTellsHowLongToWait() {
    use("ann", LIMIT.permits());
    assertThat(limiter.tryAcquire(LIMIT, "ann")).isEqualTo(INTERVAL);
    clock.advance(INTERVAL.minusNanos(1));
    assertThat(limiter.tryAcquire(LIMIT, "ann")).isEqualTo(Duration.ofNanos(1));
    clock.advance(Duration.ofNanos(1));
    assertThat(limiter.tryAcquire(LIMIT, "ann")).isZero();
    assertThat(limiter.tryAcquire(LIMIT, "ann")).isEqualTo(INTERVAL);
  }

  @Test
  void givesTheWholeBurstBackAfterThePeriod() {
    use("ann", LIMIT.permits());
    clock.advance(LIMIT.period());
    use("ann", LIMIT.permits());
  }

  @Test
  void countsKeysAndLimitsApart() {
    use("ann", LIMIT.permits());
    assertThat(limiter.tryAcquire(LIMIT, "bob")).isZero();
    assertThat(limiter.tryAcquire(RateLimit.LOGIN_ADDRESS, "ann")).isZero();
  }

  @Test
  void takesBackWhatNeedNotCount() {
    use("ann", LIMIT.permits());
    limiter.giveBack(LIMIT, "ann");
    assertThat(limiter.tryAcquire(LIMIT, "ann")).isZero();
    assertThat(limiter.tryAcquire(LIMIT, "ann")).isPositive();
    limiter.giveBack(LIMIT, "nobody");
  }

  @Test
  void neverGivesBackMoreThanTheBurst() {
    use("ann", 1);
    IntStream.range(0, 100).forEach(i -> limiter.giveBack(LIMIT, "ann"));
    use("ann", LIMIT.permits());
    assertThat(limiter.tryAcquire(LIMIT, "ann")).isPositive();
  }

  @Test
  void aFloodOfKeysWashesNoCountAway() {
    use("ann", LIMIT.permits());
    IntStream.range(0, 50_000).forEach(i -> limiter.tryAcquire(LIMIT, "flood " + i));
    assertThat(limiter.tryAcquire(LIMIT, "ann")).isPositive();
    assertThat(limiter.keys()).isLessThan(100 + 1_024 + 1);
  }

  @Test
  void forgetsAtTheCapOnlyWhatIsFullAgain() {
    IntStream.range(0, 100).forEach(i -> limiter.tryAcquire(LIMIT, "old " + i));
    clock.advance(LIMIT.period());
    limiter.tryAcquire(LIMIT, "new");
    assertThat(limiter.keys()).isEqualTo(1);
  }

  @Test
  void refusesWithTheTimeToWait() {
    use("ann", LIMIT.permits());
    assertThatThrownBy(() -> limiter.acquire(LIMIT, "ann"))
        .isInstanceOfSatisfying(
            RefusedException.class,
            e -> assertThat(e.refusal()).isEqualTo(new RateLimited("too many requests", INTERVAL)));
  }

  @Test
  void grantsNoMoreToManyAtOnce() {
    long granted =
        IntStream.range(0, 1_000)
            .parallel()
            .filter(i -> limiter.tryAcquire(LIMIT, "ann").isZero())
            .count();
    assertThat(granted).isEqualTo(LIMIT.permits());
  }

  private void use(String key, int times) {
    for (int i = 0; i < times; i++) {
      assertThat(limiter.tryAcquire(LIMIT, key)).isZero();
    }
  }

  /// Two callers may read the clock in one order and arrive in the other.
  @Test
  void noLimitIsNoLimitForWhoeverReadTheClockFirst() {
    var readings = new java.util.ArrayDeque<>(java.util.List.of(0L, 10L, 5L, 4L));
    var unlimited =
        new MemoryRateLimiter(
            () -> readings.isEmpty() ? 3L : readings.remove(),
            10,
            java.util.Map.of(RateLimit.REQUESTS, dev.parley.server.domain.limit.Pace.UNLIMITED),
            dev.parley.server.base.Telemetry.SILENT);
    for (int i = 0; i < 3; i++) {
      assertThat(unlimited.tryAcquire(RateLimit.REQUESTS, "ann").isZero()).isTrue();
    }
  }
}
