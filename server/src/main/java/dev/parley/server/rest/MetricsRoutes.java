package dev.parley.server.rest;

import dev.parley.server.rest.http.Answer;
import dev.parley.server.rest.http.Api;
import dev.parley.server.rest.http.Dialect;
import dev.parley.server.rest.http.Verb;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;

/// Shows the metrics to Prometheus.
public final class MetricsRoutes {
  private static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";

  private final Supplier<String> scrape;

  /// @param scrape writes all metrics in the Prometheus text format
  public MetricsRoutes(Supplier<String> scrape) {
    this.scrape = scrape;
  }

  public void register(Api api) {
    api.route(
            Dialect.ofNative("Health").withoutLimit(),
            Verb.GET,
            "/metrics",
            "metrics",
            "All metrics in the Prometheus text format")
        .givesMedia(200, "text/plain")
        .anonymous(_ -> Answer.bytes(200, TEXT, scrape.get().getBytes(StandardCharsets.UTF_8)));
  }
}
