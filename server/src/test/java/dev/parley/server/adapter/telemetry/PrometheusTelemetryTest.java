package dev.parley.server.adapter.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.server.base.Metric;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class PrometheusTelemetryTest {
  private final PrometheusTelemetry telemetry = new PrometheusTelemetry();

  @AfterEach
  void close() {
    telemetry.close();
  }

  @ParameterizedTest
  @EnumSource
  void everyMetricAppearsUnderItsOwnName(Metric metric) {
    var labels = metric.labels().toArray(String[]::new);
    switch (metric.type()) {
      case COUNTER -> telemetry.counter(metric, labels).add(3);
      case GAUGE -> telemetry.gauge(metric, () -> 3, labels);
      case TIMER -> telemetry.timer(metric, labels).record(3_000_000_000L);
      case SIZES -> telemetry.sizes(metric, labels).record(3);
    }
    assertThat(telemetry.scrape())
        .contains("# HELP " + metric.wireName() + " ")
        .containsPattern("(?m)^" + metric.wireName() + "(_sum)?(\\{.*})? 3");
  }

  @Test
  void aGaugeIsReadAtTheScrape() {
    var value = new AtomicLong(1);
    telemetry.gauge(Metric.HTTP_RUNNING, value::get);
    value.set(42);
    assertThat(telemetry.scrape()).contains("parley_http_running 42.0");
  }

  @Test
  void aWrongTypeOrLabelIsADefect() {
    assertThatThrownBy(() -> telemetry.timer(Metric.HTTP_RUNNING))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> telemetry.counter(Metric.DEFECTS))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
