package dev.parley.bench.ack;

import java.util.Arrays;
import java.util.Locale;

/// Every latency of a phase, in nanoseconds.
final class Latencies {
  private long[] values = new long[1 << 16];
  private int size;

  void add(long nanos) {
    if (size == values.length) {
      values = Arrays.copyOf(values, 2 * size);
    }
    values[size++] = nanos;
  }

  int size() {
    return size;
  }

  /// The percentiles 50 and 99 and the maximum, in milliseconds.
  String summary() {
    Arrays.sort(values, 0, size);
    return String.format(Locale.ROOT, "%8.2f %8.2f %8.2f", millis(0.5), millis(0.99), millis(1));
  }

  private double millis(double share) {
    if (size == 0) {
      return Double.NaN;
    }
    int rank = Math.clamp((long) Math.ceil(share * size) - 1, 0, size - 1);
    return values[rank] / 1e6;
  }
}
