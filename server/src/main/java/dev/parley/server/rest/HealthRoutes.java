package dev.parley.server.rest;

import dev.parley.server.rest.http.Answer;
import dev.parley.server.rest.http.Api;
import dev.parley.server.rest.http.Call;
import dev.parley.server.rest.http.Dialect;
import dev.parley.server.rest.http.Route;
import dev.parley.server.rest.http.Verb;
import java.util.List;
import java.util.Map;

/// Tells machines and people whether the server is well: `/healthz` and its kin, and the texts that
/// the seeds' clients look for.
public final class HealthRoutes {
  /// The listener of the seed that serves REST on a port of its own.
  public static final String API_LISTENER = "api";

  static final Dialect DIALECT = Dialect.ofNative("Health").withoutLimit();

  private static final Map<String, String> SEED_NAMES =
      Map.of("database", "PostgreSQL", "redis", "Redis");

  private final Health health;

  public HealthRoutes(Health health) {
    this.health = health;
  }

  /// How the server is.
  ///
  /// @param status `ok`, `degraded` or `down`
  record HealthView(String status, List<CheckView> checks) {}

  /// How one thing is that the server needs.
  ///
  /// @param vital whether the server is down without it
  record CheckView(String name, String status, boolean vital, String detail) {}

  public void register(Api api) {
    report(api, "/healthz", "health", "Tells how the server is; 503 if it cannot serve");
    report(api, "/health/ready", "ready", "Tells whether requests should be sent here");
    api.route(DIALECT, Verb.GET, "/health/live", "live", "Answers as long as the process runs")
        .gives(200, HealthView.class)
        .anonymous(_ -> Answer.ok(new HealthView("ok", List.of())));
    text(api, "/health", "healthText");
    text(api, "/api/v1/health", "healthTextV1");
  }

  private void report(Api api, String path, String operation, String summary) {
    api.route(DIALECT, Verb.GET, path, operation, summary)
        .gives(200, HealthView.class)
        .gives(503, HealthView.class)
        .anonymous(_ -> json());
  }

  private void text(Api api, String path, String operation) {
    Route.Action answer = call -> call.wantsJson() ? json() : text(call);
    api.route(DIALECT, Verb.GET, path, operation, "Says OK, or what is down")
        .givesMedia(200, "text/plain")
        .gives(200, HealthView.class)
        .givesMedia(503, "text/plain")
        .gives(503, HealthView.class)
        .anonymous(answer);
  }

  private Answer json() {
    var report = health.report();
    var checks = report.findings().stream().map(HealthRoutes::view).toList();
    return Answer.json(report.serving() ? 200 : 503, new HealthView(report.status(), checks));
  }

  private Answer text(Call call) {
    var report = health.report();
    for (var finding : report.findings()) {
      if (finding.vital() && !finding.healthy()) {
        var name = SEED_NAMES.getOrDefault(finding.name(), finding.name());
        return Answer.text(503, name + " unhealthy");
      }
    }
    return Answer.text(200, call.listener().equals(API_LISTENER) ? "REST API OK" : "OK");
  }

  private static CheckView view(Health.Finding finding) {
    return new CheckView(
        finding.name(), finding.healthy() ? "ok" : "failing", finding.vital(), finding.detail());
  }
}
