package dev.parley.server.rest;

import dev.parley.server.base.Refusal;
import dev.parley.server.rest.http.Answer;
import dev.parley.server.rest.http.Api;
import dev.parley.server.rest.http.Call;
import dev.parley.server.rest.http.Dialect;
import dev.parley.server.rest.http.Verb;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.function.Supplier;

/// Shows the metrics to Prometheus.
public final class MetricsRoutes {
  private static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";

  private final Supplier<String> scrape;
  private final Optional<String> token;

  /// @param scrape writes all metrics in the Prometheus text format
  /// @param token what a scraper must show; without one, only this machine is answered
  public MetricsRoutes(Supplier<String> scrape, Optional<String> token) {
    this.scrape = scrape;
    this.token = token;
  }

  public void register(Api api) {
    api.route(
            Dialect.ofNative("Health").withoutLimit(),
            Verb.GET,
            "/metrics",
            "metrics",
            "All metrics in the Prometheus text format")
        .givesMedia(200, "text/plain")
        .anonymous(this::metrics);
  }

  private Answer metrics(Call call) {
    if (token.isPresent() ? !shows(call, token.get()) : !call.isLocal()) {
      throw Refusal.unauthorized("metrics are for those who know METRICS_TOKEN");
    }
    return Answer.bytes(200, TEXT, scrape.get().getBytes(StandardCharsets.UTF_8));
  }

  private static boolean shows(Call call, String token) {
    var shown = call.token().orElse("").getBytes(StandardCharsets.UTF_8);
    return MessageDigest.isEqual(shown, token.getBytes(StandardCharsets.UTF_8));
  }
}
