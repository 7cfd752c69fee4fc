package dev.parley.bench.remind;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// Which tasks were heard of, and how late each. Safe for many threads.
final class Arrivals {
  private final Map<String, Long> nanosByTask = new ConcurrentHashMap<>();
  private final AtomicInteger again = new AtomicInteger();

  void add(String task, Instant due, Instant now) {
    if (nanosByTask.putIfAbsent(task, Duration.between(due, now).toNanos()) != null) {
      again.incrementAndGet();
    }
  }

  int size() {
    return nanosByTask.size();
  }

  /// How many came once more.
  int again() {
    return again.get();
  }

  /// The percentiles 50 and 99 and the maximum, in milliseconds.
  String summary() {
    var sorted = nanosByTask.values().stream().sorted().mapToLong(Long::longValue).toArray();
    return String.format(
        Locale.ROOT,
        "lateness ms: p50 %.1f, p99 %.1f, max %.1f",
        millis(sorted, 0.5),
        millis(sorted, 0.99),
        millis(sorted, 1));
  }

  private static double millis(long[] sorted, double share) {
    if (sorted.length == 0) {
      return Double.NaN;
    }
    int rank = Math.clamp((long) Math.ceil(share * sorted.length) - 1, 0, sorted.length - 1);
    return sorted[rank] / 1e6;
  }
}
