package dev.parley.server.adapter.redis;

import dev.parley.server.base.Ticker;
import dev.parley.server.domain.limit.Pace;
import dev.parley.server.domain.limit.RateLimit;
import dev.parley.server.domain.limit.RateLimiter;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.ScriptOutputType;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/// Counts over all nodes what guards passwords and tokens. What guards a node against too much work
/// (requests, messages, handshakes) is counted by each node alone: it is asked for too often for a
/// journey, and the work is the node's own.
///
/// This node's share is always counted here as well, so that whoever was at the limit is not let in
/// anew when Redis goes away. While it is away each node grants as much as it would alone.
public final class RedisRateLimiter implements RateLimiter {
  private static final Set<RateLimit> SHARED =
      EnumSet.of(
          RateLimit.LOGIN_ACCOUNT,
          RateLimit.LOGIN_ADDRESS,
          RateLimit.SIGN_IN_ADDRESS,
          RateLimit.REFRESH_ADDRESS);
  private static final Duration PATIENCE = Duration.ofMillis(250);

  /// So long nobody waits for a Redis that did not answer.
  private static final long LEFT_ALONE = Duration.ofSeconds(1).toNanos();

  private final RedisLink link;
  private final RateLimiter local;
  private final Map<RateLimit, Pace> chosen;
  private final Ticker ticker;
  private final Script acquire = Script.of("acquire.lua");
  private final Script giveBack = Script.of("give_back.lua");
  private volatile long silentAt;

  /// @param local counts this node's share
  /// @param chosen the paces that the operator chose instead of the limits' own
  public RedisRateLimiter(
      RedisLink link, RateLimiter local, Map<RateLimit, Pace> chosen, Ticker ticker) {
    this.link = link;
    this.local = local;
    this.chosen = Map.copyOf(chosen);
    this.ticker = ticker;
    this.silentAt = ticker.nanos() - LEFT_ALONE;
  }

  @Override
  public Duration tryAcquire(RateLimit limit, String key) {
    var wait = local.tryAcquire(limit, key);
    if (wait.isPositive() || !isShared(limit)) {
      return wait;
    }
    var everywhere = ask(acquire, limit, key).flatMap(this::await).orElse(0L);
    if (everywhere == 0) {
      return Duration.ZERO;
    }
    local.giveBack(limit, key);
    return Duration.of(everywhere, ChronoUnit.MICROS);
  }

  @Override
  public void giveBack(RateLimit limit, String key) {
    local.giveBack(limit, key);
    if (isShared(limit)) {
      var _ = ask(giveBack, limit, key);
    }
  }

  private boolean isShared(RateLimit limit) {
    return SHARED.contains(limit) && !pace(limit).interval().isZero();
  }

  private Pace pace(RateLimit limit) {
    return chosen.getOrDefault(limit, limit.pace());
  }

  private Optional<RedisFuture<Long>> ask(Script script, RateLimit limit, String key) {
    if (ticker.nanos() - silentAt < LEFT_ALONE) {
      return Optional.empty();
    }
    try {
      var pace = pace(limit);
      var keys = new String[] {RedisLink.PREFIX + "rate:" + limit.wireName() + ":" + hidden(key)};
      return link.wire()
          .map(
              wire ->
                  wire.commands()
                      .eval(
                          script.text(),
                          ScriptOutputType.INTEGER,
                          keys,
                          number(Math.max(1, pace.interval().toNanos() / 1_000)),
                          number(pace.burst())));
    } catch (RuntimeException e) {
      // Not connected; this node's own count holds.
      return Optional.empty();
    }
  }

  private Optional<Long> await(RedisFuture<Long> answer) {
    try {
      if (answer.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS) && answer.getError() == null) {
        return Optional.of(answer.toCompletableFuture().join());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    silentAt = ticker.nanos();
    return Optional.empty();
  }

  private static byte[] number(long number) {
    return String.valueOf(number).getBytes(StandardCharsets.UTF_8);
  }

  /// Names and addresses of people do not stand in Redis.
  private static String hidden(String key) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      var hash = digest.digest(key.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(Arrays.copyOf(hash, 16));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
