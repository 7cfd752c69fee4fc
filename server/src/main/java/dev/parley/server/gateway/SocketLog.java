package dev.parley.server.gateway;

import dev.parley.server.base.Ids;
import dev.parley.server.base.Metric;
import dev.parley.server.base.Redaction;
import dev.parley.server.base.Telemetry;
import dev.parley.server.base.Ticker;
import io.vertx.core.http.HttpServerRequest;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Gives each handshake an id, and tells how it ended: one line of the access log and one count.
public final class SocketLog {
  private static final Logger LOG = LoggerFactory.getLogger("dev.parley.access");
  private static final Pattern REQUEST_ID = Pattern.compile("[A-Za-z0-9._-]{1,64}");

  private final Ids ids;
  private final Ticker ticker;
  private final Telemetry telemetry;

  public SocketLog(Ids ids, Ticker ticker, Telemetry telemetry) {
    this.ids = ids;
    this.ticker = ticker;
    this.telemetry = telemetry;
  }

  /// Takes note of a request whose answer is still open. The id is the client's own if it is
  /// harmless.
  ///
  /// @param route the template of its path
  Entry begin(HttpServerRequest request, String route, String ip) {
    var given = request.getHeader("X-Request-Id");
    var id = given != null && REQUEST_ID.matcher(given).matches() ? given : ids.uuid().toString();
    return new Entry(
        id, ip, request.method().name(), request.path(), request.query(), route, ticker.nanos());
  }

  /// Tells of an answer.
  void answered(Entry entry, int status) {
    telemetry.counter(Metric.HANDSHAKES, entry.route(), Integer.toString(status)).increment();
    var line =
        LOG.atInfo()
            .addKeyValue("request_id", entry.requestId())
            .addKeyValue("ip", entry.ip())
            .addKeyValue("method", entry.method())
            .addKeyValue("path", entry.path())
            .addKeyValue("operation", entry.route())
            .addKeyValue("status", status)
            .addKeyValue("micros", (ticker.nanos() - entry.startNanos()) / 1_000);
    var query = entry.query();
    if (query != null) {
      line = line.addKeyValue("query", Redaction.query(query));
    }
    line.log("handshake");
  }

  /// A handshake that is being decided.
  record Entry(
      String requestId,
      String ip,
      String method,
      String path,
      @Nullable String query,
      String route,
      long startNanos) {}
}
