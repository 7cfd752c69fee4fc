package dev.parley.server.rest.http;

import dev.parley.server.base.Metric;
import dev.parley.server.base.Redaction;
import dev.parley.server.base.Telemetry;
import dev.parley.server.base.Ticker;
import io.vertx.core.http.HttpServerRequest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One log line and two metrics per answered request.
final class AccessLog {
  private static final Logger LOG = LoggerFactory.getLogger("dev.parley.access");

  private final Telemetry telemetry;
  private final Ticker ticker;

  AccessLog(Telemetry telemetry, Ticker ticker) {
    this.telemetry = telemetry;
    this.ticker = ticker;
  }

  /// The moment from which an answer's time is counted.
  long start() {
    return ticker.nanos();
  }

  /// Tells of an answer.
  void answered(HttpServerRequest request, String operation, Origin origin, int status) {
    long nanos = ticker.nanos() - origin.startNanos();
    telemetry.counter(Metric.HTTP_REQUESTS, operation, Integer.toString(status)).increment();
    telemetry.timer(Metric.HTTP_SECONDS, operation).record(nanos);
    var line =
        LOG.atInfo()
            .addKeyValue("request_id", origin.requestId())
            .addKeyValue("ip", origin.clientIp())
            .addKeyValue("method", request.method().name())
            .addKeyValue("path", path(request))
            .addKeyValue("operation", operation)
            .addKeyValue("status", status)
            .addKeyValue("micros", nanos / 1_000);
    var query = request.query();
    if (query != null) {
      line = line.addKeyValue("query", Redaction.query(query));
    }
    line.log("request");
  }

  private static String path(HttpServerRequest request) {
    var path = request.path();
    return path == null ? "" : Redaction.path(path);
  }

  /// Where and when a request came from.
  record Origin(String requestId, String clientIp, long startNanos) {}

  /// The label of requests that reached no route.
  static final String NO_ROUTE = "none";
}
