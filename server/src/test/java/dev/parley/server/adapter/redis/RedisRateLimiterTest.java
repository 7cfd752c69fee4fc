package dev.parley.server.adapter.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.server.base.Ticker;
import dev.parley.server.domain.limit.Pace;
import dev.parley.server.domain.limit.RateLimit;
import dev.parley.server.domain.limit.RateLimiter;
import dev.parley.server.domain.limit.RateLimiterContract;
import dev.parley.server.testing.SharedRedis;
import io.lettuce.core.RedisURI;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Two nodes that count together. The nodes' own counts are without a limit here, so that all that
/// is seen comes from Redis.
final class RedisRateLimiterTest implements RateLimiterContract {
  private static final RateLimit LIMIT = RateLimit.LOGIN_ACCOUNT;
  private static SharedRedis redis;
  private static RedisLink link;
  private final RedisRateLimiter one = limiter(new Unlimited());
  private final RedisRateLimiter two = limiter(new Unlimited());

  @BeforeAll
  static void connect() {
    redis = SharedRedis.start();
    link = RedisLink.open(RedisURI.create(redis.url()));
    await().until(() -> link.wire().isPresent());
  }

  @AfterAll
  static void close() throws InterruptedException {
    link.close();
    redis.close();
  }

  private static RedisRateLimiter limiter(RateLimiter local) {
    return new RedisRateLimiter(link, local, Map.<RateLimit, Pace>of(), Ticker.SYSTEM);
  }

  @Override
  public RateLimiter limiter() {
    return one;
  }

  @Test
  void allNodesCountTogether() {
    var key = UUID.randomUUID().toString();
    for (int i = 0; i < LIMIT.permits(); i++) {
      assertThat((i % 2 == 0 ? one : two).tryAcquire(LIMIT, key)).isZero();
    }
    assertThat(one.tryAcquire(LIMIT, key)).isPositive();
    assertThat(two.tryAcquire(LIMIT, key)).isPositive();
  }

  @Test
  void whatGuardsANodeIsItsOwnAffair() {
    assertThat(one.tryAcquire(RateLimit.REQUESTS, "ann")).isZero();
    assertThat(redis.ask("KEYS", "parley:rate:requests:*")).isEqualTo("*0\r\n");
  }

  @Test
  void withoutRedisTheNodesOwnCountHolds() throws InterruptedException {
    var nowhere = RedisLink.open(RedisURI.create("redis://127.0.0.1:1"));
    try {
      var local = new Counting(LIMIT.permits());
      var limiter = new RedisRateLimiter(nowhere, local, Map.of(), Ticker.SYSTEM);
      for (int i = 0; i < LIMIT.permits(); i++) {
        assertThat(limiter.tryAcquire(LIMIT, "ann")).isZero();
      }
      assertThat(limiter.tryAcquire(LIMIT, "ann")).isEqualTo(Duration.ofSeconds(7));
    } finally {
      nowhere.close();
    }
  }

  /// Grants so many, and then nothing.
  private static final class Counting implements RateLimiter {
    private final AtomicInteger left;

    private Counting(int permits) {
      this.left = new AtomicInteger(permits);
    }

    @Override
    public Duration tryAcquire(RateLimit limit, String key) {
      return left.getAndDecrement() > 0 ? Duration.ZERO : Duration.ofSeconds(7);
    }

    @Override
    public void giveBack(RateLimit limit, String key) {}
  }

  /// Grants everything.
  private static final class Unlimited implements RateLimiter {
    @Override
    public Duration tryAcquire(RateLimit limit, String key) {
      return Duration.ZERO;
    }

    @Override
    public void giveBack(RateLimit limit, String key) {}
  }
}
