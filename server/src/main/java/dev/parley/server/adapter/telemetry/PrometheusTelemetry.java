package dev.parley.server.adapter.telemetry;

import dev.parley.server.base.Metric;
import dev.parley.server.base.Telemetry;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/// Keeps the metrics and writes them as Prometheus text.
public final class PrometheusTelemetry implements Telemetry, AutoCloseable {
  /// Few buckets, set where the goals lie: an ack in 5 ms, 80 ms under load.
  private static final Duration[] TIMER_BUCKETS = {
    Duration.ofMillis(1),
    Duration.ofMillis(2),
    Duration.ofMillis(5),
    Duration.ofMillis(10),
    Duration.ofMillis(20),
    Duration.ofMillis(40),
    Duration.ofMillis(80),
    Duration.ofMillis(160),
    Duration.ofMillis(320),
    Duration.ofMillis(1000),
    Duration.ofMillis(3000),
    Duration.ofMillis(10000)
  };

  private static final double[] SIZE_BUCKETS = {1, 4, 16, 64, 256, 1024, 4096, 16_384, 65_536};

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final JvmGcMetrics collector = new JvmGcMetrics();
  private final SeedNames seedNames = new SeedNames(registry);

  public PrometheusTelemetry() {
    new ClassLoaderMetrics().bindTo(registry);
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new FileDescriptorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    collector.bindTo(registry);
  }

  /// Everything known, in the Prometheus text format 0.0.4.
  public String scrape() {
    return registry.scrape() + seedNames.lines();
  }

  @Override
  public Counter counter(Metric metric, String... labelValues) {
    require(metric, Metric.Type.COUNTER);
    var counter =
        io.micrometer.core.instrument.Counter.builder(metric.wireName())
            .description(metric.help())
            .tags(tags(metric, labelValues))
            .register(registry);
    return counter::increment;
  }

  @Override
  public Timer timer(Metric metric, String... labelValues) {
    require(metric, Metric.Type.TIMER);
    var timer =
        io.micrometer.core.instrument.Timer.builder(metric.wireName())
            .description(metric.help())
            .serviceLevelObjectives(TIMER_BUCKETS)
            .tags(tags(metric, labelValues))
            .register(registry);
    return nanos -> timer.record(nanos, TimeUnit.NANOSECONDS);
  }

  @Override
  public Sizes sizes(Metric metric, String... labelValues) {
    require(metric, Metric.Type.SIZES);
    var summary =
        DistributionSummary.builder(metric.wireName())
            .description(metric.help())
            .serviceLevelObjectives(SIZE_BUCKETS)
            .tags(tags(metric, labelValues))
            .register(registry);
    return summary::record;
  }

  @Override
  public void gauge(Metric metric, LongSupplier value, String... labelValues) {
    require(metric, Metric.Type.GAUGE);
    Gauge.builder(metric.wireName(), value, LongSupplier::getAsLong)
        .description(metric.help())
        .tags(tags(metric, labelValues))
        .strongReference(true)
        .register(registry);
  }

  @Override
  public void close() {
    collector.close();
    registry.close();
  }

  private static void require(Metric metric, Metric.Type type) {
    if (metric.type() != type) {
      throw new IllegalArgumentException(metric + " is a " + metric.type() + ", not a " + type);
    }
  }

  private static Tags tags(Metric metric, String[] values) {
    var names = metric.labels();
    if (names.size() != values.length) {
      throw new IllegalArgumentException(metric + " has the labels " + names);
    }
    var tags = new Tag[values.length];
    for (int i = 0; i < values.length; i++) {
      tags[i] = Tag.of(names.get(i), values[i]);
    }
    return Tags.of(tags);
  }
}
