package dev.parley.server.adapter.memory;

import dev.parley.server.base.Metric;
import dev.parley.server.base.Telemetry;
import dev.parley.server.base.Ticker;
import dev.parley.server.domain.limit.Pace;
import dev.parley.server.domain.limit.RateLimit;
import dev.parley.server.domain.limit.RateLimiter;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// Counts in this process, by the generic cell rate algorithm (ITU-T I.371): one moment per key,
/// the one at which all of its permits will be back.
///
/// At the cap of keys, those whose permits are all back are forgotten; if that frees nothing, new
/// keys share a few buckets. So nobody can wash a count away by flooding the limiter with keys.
public final class MemoryRateLimiter implements RateLimiter {
  private static final int SHARED_BUCKETS = 1_024;
  private static final long SWEEP_NANOS = TimeUnit.SECONDS.toNanos(1);

  // A key's value is only ever replaced by compare-and-set, so a sweep cannot lose a permit.
  private final ConcurrentMap<Key, Long> fullAt = new ConcurrentHashMap<>();
  private final Map<RateLimit, Telemetry.Counter> refused = new EnumMap<>(RateLimit.class);
  private final Map<RateLimit, Pace> paces = new EnumMap<>(RateLimit.class);
  private final AtomicLong sweptAt;
  private final Ticker ticker;
  private final int maxKeys;

  /// @param maxKeys how many keys are remembered apart, such as
  ///   [dev.parley.server.base.Limits#RATE_KEYS]
  public MemoryRateLimiter(Ticker ticker, int maxKeys, Telemetry telemetry) {
    this(ticker, maxKeys, Map.of(), telemetry);
  }

  /// @param chosen the paces that the operator chose instead of the limits' own
  public MemoryRateLimiter(
      Ticker ticker, int maxKeys, Map<RateLimit, Pace> chosen, Telemetry telemetry) {
    this.ticker = ticker;
    this.maxKeys = maxKeys;
    this.sweptAt = new AtomicLong(ticker.nanos() - SWEEP_NANOS);
    for (var limit : RateLimit.values()) {
      paces.put(limit, chosen.getOrDefault(limit, limit.pace()));
      refused.put(limit, telemetry.counter(Metric.RATE_REFUSED, limit.wireName()));
    }
    telemetry.gauge(Metric.RATE_KEYS, this::keys);
  }

  @Override
  public Duration tryAcquire(RateLimit limit, String name) {
    var pace = pace(limit);
    long interval = pace.interval().toNanos();
    if (interval == 0) {
      // No limit. Counting would refuse whoever read the clock a moment before another caller.
      return Duration.ZERO;
    }
    long now = ticker.nanos();
    var key = keyOf(limit, name, now);
    while (true) {
      var known = fullAt.get(key);
      long start = known == null ? now : later(known, now);
      long wait = start - now - interval * (pace.burst() - 1);
      if (wait > 0) {
        Objects.requireNonNull(refused.get(limit)).increment();
        return Duration.ofNanos(wait);
      }
      if (replace(key, known, start + interval)) {
        return Duration.ZERO;
      }
    }
  }

  @Override
  public void giveBack(RateLimit limit, String name) {
    long now = ticker.nanos();
    fullAt.computeIfPresent(
        keyOf(limit, name, now),
        (key, known) -> later(known - pace(limit).interval().toNanos(), now));
  }

  private Pace pace(RateLimit limit) {
    return Objects.requireNonNull(paces.get(limit));
  }

  /// How many keys are remembered.
  int keys() {
    return fullAt.size();
  }

  private Key keyOf(RateLimit limit, String name, long now) {
    var key = new Key(limit, name);
    if (fullAt.size() < maxKeys || fullAt.containsKey(key)) {
      return key;
    }
    sweep(now);
    if (fullAt.size() < maxKeys) {
      return key;
    }
    return new Key(limit, "shared " + Math.floorMod(name.hashCode(), SHARED_BUCKETS));
  }

  private void sweep(long now) {
    long before = sweptAt.get();
    if (now - before >= SWEEP_NANOS && sweptAt.compareAndSet(before, now)) {
      fullAt.forEach(
          (key, full) -> {
            if (full - now <= 0) {
              fullAt.remove(key, full);
            }
          });
    }
  }

  private boolean replace(Key key, @Nullable Long before, long after) {
    return before == null
        ? fullAt.putIfAbsent(key, after) == null
        : fullAt.replace(key, before, after);
  }

  /// The later of two moments; a monotonic clock may wrap, so only differences are compared.
  private static long later(long a, long b) {
    return a - b > 0 ? a : b;
  }

  private record Key(RateLimit limit, String name) {}
}
