package dev.parley.server.rest.http;

import io.vertx.core.Context;
import io.vertx.core.http.HttpServerResponse;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Writes one event stream to a socket, a piece at a time, each flushed before the next.
final class SseSink implements EventSink {
  /// How long a client may take to read one piece; beyond: the stream is cut.
  private static final long PATIENCE_SECONDS = 20;

  private final HttpServerResponse response;
  private final Context loop;
  private volatile boolean cut;

  SseSink(HttpServerResponse response, Context loop) {
    this.response = response;
    this.loop = loop;
  }

  @Override
  public boolean send(String text) throws InterruptedException {
    var flushed = new CompletableFuture<Boolean>();
    loop.runOnContext(_ -> write(text, flushed));
    try {
      return flushed.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      cut = true;
      return false;
    } catch (ExecutionException e) {
      throw new IllegalStateException("the future never fails", e);
    }
  }

  /// Whether the stream ended because the client read too slowly.
  boolean isCut() {
    return cut;
  }

  private void write(String text, CompletableFuture<Boolean> flushed) {
    if (response.closed() || response.ended()) {
      flushed.complete(false);
      return;
    }
    response.write(text).onComplete(done -> flushed.complete(done.succeeded()));
  }
}
