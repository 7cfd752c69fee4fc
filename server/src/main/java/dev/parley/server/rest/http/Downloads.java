package dev.parley.server.rest.http;

import dev.parley.server.base.Limits;
import dev.parley.server.base.Metric;
import dev.parley.server.base.Refusal;
import dev.parley.server.base.RefusedException;
import dev.parley.server.base.Telemetry;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes long answers piece by piece, each after the client has taken the one before. A client
/// that takes none for half a minute is cut off.
final class Downloads implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Downloads.class);
  private static final int PIECE = 64 * 1024;
  private static final long PATIENCE_SECONDS = 30;

  private final AtomicInteger running = new AtomicInteger();
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("download-", 0).factory());

  Downloads(Telemetry telemetry) {
    telemetry.gauge(Metric.DOWNLOADS, running::get);
  }

  /// Answers with these bytes on a thread of its own, and closes them in the end.
  ///
  /// @throws RefusedException busy
  void start(Exchange exchange, Answer answer, Answer.Body.Stream body, Context loop)
      throws IOException {
    if (running.incrementAndGet() > Limits.DOWNLOADS) {
      running.decrementAndGet();
      body.bytes().close();
      throw new RefusedException(new Refusal.Busy("too many downloads are under way"));
    }
    threads.execute(() -> run(exchange, answer, body, loop));
  }

  private void run(Exchange exchange, Answer answer, Answer.Body.Stream body, Context loop) {
    try (var bytes = body.bytes()) {
      if (begin(exchange, answer, body, loop)) {
        write(exchange, bytes, body.length(), loop);
        loop.runOnContext(_ -> exchange.finish(false));
      }
    } catch (IOException | ExecutionException | TimeoutException e) {
      // The client went or does not read, or the bytes cannot be read: only the end of the
      // connection can tell it now.
      LOG.debug("a download broke off: {}", e.toString());
      loop.runOnContext(_ -> exchange.finish(true));
    } catch (InterruptedException e) {
      loop.runOnContext(_ -> exchange.finish(true));
    } finally {
      running.decrementAndGet();
    }
  }

  private static boolean begin(
      Exchange exchange, Answer answer, Answer.Body.Stream body, Context loop)
      throws InterruptedException, ExecutionException, TimeoutException {
    var begun = new CompletableFuture<Boolean>();
    loop.runOnContext(
        _ ->
            begun.complete(
                exchange.beginBytes(
                    answer.status(), answer.headers(), body.contentType(), body.length())));
    return begun.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  private static void write(Exchange exchange, InputStream bytes, long length, Context loop)
      throws IOException, InterruptedException, ExecutionException, TimeoutException {
    for (long left = length; left > 0; ) {
      var piece = bytes.readNBytes((int) Math.min(PIECE, left));
      if (piece.length == 0) {
        throw new IOException("the file is shorter than it was");
      }
      left -= piece.length;
      var written = new CompletableFuture<Void>();
      loop.runOnContext(
          _ ->
              exchange
                  .request()
                  .response()
                  .write(Buffer.buffer(piece))
                  .onComplete(
                      done -> {
                        if (done.succeeded()) {
                          written.complete(null);
                        } else {
                          written.completeExceptionally(done.cause());
                        }
                      }));
      written.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
