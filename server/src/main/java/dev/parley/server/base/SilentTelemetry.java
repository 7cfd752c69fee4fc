package dev.parley.server.base;

import java.util.function.LongSupplier;

/// A telemetry that drops everything.
final class SilentTelemetry implements Telemetry {
  @Override
  public Counter counter(Metric metric, String... labelValues) {
    return amount -> {};
  }

  @Override
  public Timer timer(Metric metric, String... labelValues) {
    return nanos -> {};
  }

  @Override
  public Sizes sizes(Metric metric, String... labelValues) {
    return size -> {};
  }

  @Override
  public void gauge(Metric metric, LongSupplier value, String... labelValues) {}
}
