package dev.parley.server.rest.http;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.util.Map;

/// One request that waits for its answer. Event loop only.
final class Exchange {
  private static final long DRAIN_BYTES = 16 * 1024 * 1024;
  private static final long DRAIN_MILLIS = 5_000;

  private final Vertx vertx;
  private final HttpServerRequest request;
  private final AccessLog.Origin origin;
  private final AccessLog log;
  private String operation = AccessLog.NO_ROUTE;
  private boolean bodyRead;
  private boolean answered;

  Exchange(Vertx vertx, HttpServerRequest request, AccessLog.Origin origin, AccessLog log) {
    this.vertx = vertx;
    this.request = request;
    this.origin = origin;
    this.log = log;
  }

  HttpServerRequest request() {
    return request;
  }

  AccessLog.Origin origin() {
    return origin;
  }

  void operation(String name) {
    operation = name;
  }

  void bodyRead() {
    bodyRead = true;
  }

  boolean isAnswered() {
    return answered;
  }

  /// Writes the answer; a second one, and one for a client that went, is dropped.
  void answer(int status, Map<String, String> headers, Rendered body) {
    if (answered) {
      return;
    }
    answered = true;
    log.answered(request, operation, origin, status);
    var response = request.response();
    if (response.closed()) {
      return;
    }
    response.setStatusCode(status);
    head(body, headers);
    if (request.method().name().equals("HEAD")) {
      response.end();
    } else {
      response.end(Buffer.buffer(body.bytes()));
    }
    if (!bodyRead) {
      drain();
    }
  }

  /// Begins an event stream; false if the client is gone already.
  boolean begin(Map<String, String> headers, Runnable whenGone) {
    if (answered) {
      return false;
    }
    answered = true;
    log.answered(request, operation, origin, 200);
    var response = request.response();
    if (response.closed()) {
      return false;
    }
    response.closeHandler(_ -> whenGone.run());
    response.setChunked(true);
    head(new Rendered("text/event-stream", new byte[0]), headers);
    response.headers().remove("Content-Length");
    if (request.method().name().equals("HEAD")) {
      response.end();
      return false;
    }
    return true;
  }

  /// Begins an answer whose bytes come one by one; false if there is nobody to write to.
  boolean beginBytes(int status, Map<String, String> headers, String contentType, long length) {
    if (answered) {
      return false;
    }
    answered = true;
    log.answered(request, operation, origin, status);
    var response = request.response();
    if (response.closed()) {
      return false;
    }
    response.setStatusCode(status);
    head(new Rendered(contentType, new byte[0]), headers);
    response.headers().set("Content-Length", Long.toString(length));
    if (request.method().name().equals("HEAD")) {
      response.end();
      return false;
    }
    return true;
  }

  /// Ends an event stream; one whose client does not read is cut off.
  void finish(boolean cut) {
    var response = request.response();
    if (cut) {
      request.connection().close();
    } else if (!response.closed() && !response.ended()) {
      response.end();
    }
  }

  /// Reads the rest of a refused body, so that the client gets to see the refusal, but not for
  /// ever: what goes on sending is cut off.
  private void drain() {
    var connection = request.connection();
    long timer = vertx.setTimer(DRAIN_MILLIS, _ -> connection.close());
    var left = new long[] {DRAIN_BYTES};
    request.handler(
        chunk -> {
          left[0] -= chunk.length();
          if (left[0] < 0) {
            connection.close();
          }
        });
    request.endHandler(_ -> vertx.cancelTimer(timer));
    request.exceptionHandler(_ -> vertx.cancelTimer(timer));
    request.resume();
  }

  private void head(Rendered body, Map<String, String> given) {
    var headers = request.response().headers();
    headers.set("Cache-Control", "no-store");
    if (!body.contentType().isEmpty()) {
      headers.set("Content-Type", body.contentType());
      headers.set("Content-Length", Integer.toString(body.bytes().length));
    }
    given.forEach(headers::set);
  }

  /// A body as it goes over the wire; no content type means no body.
  @SuppressWarnings("ArrayRecordComponent") // Nobody compares or changes it.
  record Rendered(String contentType, byte[] bytes) {
    static final Rendered NOTHING = new Rendered("", new byte[0]);
  }
}
