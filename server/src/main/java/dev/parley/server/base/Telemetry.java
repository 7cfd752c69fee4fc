package dev.parley.server.base;

import java.util.function.LongSupplier;

/// Where every ring reports what it does. Handles are made once, at construction, and are cheap and
/// safe to use from any thread afterwards; reporting never blocks and never fails.
///
/// Label values stand in the order of [Metric#labels].
public interface Telemetry {
  /// Reports to nobody, for tools and tests that look at something else.
  Telemetry SILENT = new SilentTelemetry();

  /// The counter of a metric of type [Metric.Type#COUNTER]; the same handle for the same labels.
  Counter counter(Metric metric, String... labelValues);

  /// The timer of a metric of type [Metric.Type#TIMER]; the same handle for the same labels.
  Timer timer(Metric metric, String... labelValues);

  /// The sizes of a metric of type [Metric.Type#SIZES]; the same handle for the same labels.
  Sizes sizes(Metric metric, String... labelValues);

  /// Reads a metric of type [Metric.Type#GAUGE] from here whenever the scrape comes; the reader is
  /// kept for the life of the process and must not block.
  void gauge(Metric metric, LongSupplier value, String... labelValues);

  /// Only grows.
  @FunctionalInterface
  interface Counter {
    /// Adds an amount that is not negative.
    void add(long amount);

    /// Adds one.
    default void increment() {
      add(1);
    }
  }

  /// Distributes durations.
  @FunctionalInterface
  interface Timer {
    /// Takes a duration in nanoseconds, as the difference of two [Ticker#nanos].
    void record(long nanos);
  }

  /// Distributes sizes.
  @FunctionalInterface
  interface Sizes {
    /// Takes a size in the metric's unit.
    void record(long size);
  }
}
