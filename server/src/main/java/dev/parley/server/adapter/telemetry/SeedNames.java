package dev.parley.server.adapter.telemetry;

import dev.parley.server.base.Metric;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.Collection;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/// The names that the third seed's operators know, for numbers that are kept under names of our
/// own. Rates and means are those of the time since the scrape before.
final class SeedNames {
  /// Whoever asks again sooner gets the same answer.
  private static final long SHORTEST_NANOS = TimeUnit.SECONDS.toNanos(1);

  private static final String GAUGE = "# HELP %1$s %2$s\n# TYPE %1$s gauge\n%1$s %3$s\n";
  private static final String COUNTER = "# HELP %1$s %2$s\n# TYPE %1$s counter\n%1$s %3$s\n";

  private final MeterRegistry registry;

  /// Guarded by this, as is all below.
  private long since;

  private Sums before = new Sums(0, 0, 0, 0, 0);
  private Sums change = before;
  private double seconds = 1;

  SeedNames(MeterRegistry registry) {
    this.registry = registry;
    this.since = registry.config().clock().monotonicTime();
  }

  /// What has come together.
  private record Sums(
      double messages, double writes, double writeMillis, double echoes, double echoMillis) {
    Sums minus(Sums other) {
      return new Sums(
          messages - other.messages,
          writes - other.writes,
          writeMillis - other.writeMillis,
          echoes - other.echoes,
          echoMillis - other.echoMillis);
    }
  }

  /// The lines to be added to a scrape.
  synchronized String lines() {
    long now = registry.config().clock().monotonicTime();
    if (now - since >= SHORTEST_NANOS) {
      var sums = sums();
      change = sums.minus(before);
      seconds = (now - since) / (double) SHORTEST_NANOS;
      before = sums;
      since = now;
    }
    return line(COUNTER, "websocket_connections_total", "Sockets that were opened", opened())
        + line(GAUGE, "messages_per_second", "Messages posted", change.messages / seconds)
        + line(
            GAUGE,
            "db_write_latency_ms",
            "Mean time of a commit of messages, in milliseconds",
            mean(change.writeMillis, change.writes))
        + line(
            GAUGE,
            "redis_pubsub_lag",
            "Mean time through Redis and back, in milliseconds",
            mean(change.echoMillis, change.echoes));
  }

  private Sums sums() {
    var writes = registry.find(Metric.DB_SECONDS.wireName()).tag("pool", "log").timers();
    var echoes = registry.find(Metric.BUS_SECONDS.wireName()).timers();
    return new Sums(posted(), count(writes), millis(writes), count(echoes), millis(echoes));
  }

  private double posted() {
    return registry.find(Metric.COMMIT_MESSAGES.wireName()).summaries().stream()
        .mapToDouble(DistributionSummary::totalAmount)
        .sum();
  }

  private double opened() {
    return sum(registry.find(Metric.HANDSHAKES.wireName()).tag("status", "101").counters());
  }

  private static double sum(Collection<Counter> counters) {
    return counters.stream().mapToDouble(Counter::count).sum();
  }

  private static double count(Collection<Timer> timers) {
    return timers.stream().mapToDouble(Timer::count).sum();
  }

  private static double millis(Collection<Timer> timers) {
    return timers.stream().mapToDouble(timer -> timer.totalTime(TimeUnit.MILLISECONDS)).sum();
  }

  private static double mean(double sum, double count) {
    return count == 0 ? 0 : sum / count;
  }

  private static String line(String format, String name, String help, double value) {
    return format.formatted(name, help, String.format(Locale.ROOT, "%.3f", value));
  }
}
