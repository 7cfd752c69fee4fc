package dev.parley.server.rest.http;

import dev.parley.protocol.ErrorCode;
import dev.parley.server.base.Ticker;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import java.io.InputStream;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/// The body of a request as its handler reads it: the event loop fetches a few pieces ahead, never
/// the whole. Read by one thread; the handlers of the request run on its event loop.
final class BodyStream extends InputStream {
  private static final int AHEAD = 8;
  private static final int LEAST_BYTES_PER_SECOND = 16 * 1024;

  /// Pieces and, last, the end; twice as many as are fetched, so that there is always room.
  private final BlockingQueue<Piece> pieces = new ArrayBlockingQueue<>(2 * AHEAD);

  private final Exchange exchange;
  private final Context loop;
  private final Ticker ticker;
  private final long patienceNanos;
  private final long start;
  private long received;
  private Buffer piece = Buffer.buffer();
  private int place;
  private boolean ended;

  private BodyStream(Exchange exchange, Context loop, HttpConfig config, Ticker ticker) {
    this.exchange = exchange;
    this.loop = loop;
    this.ticker = ticker;
    this.patienceNanos = config.bodyTimeout().toNanos();
    this.start = ticker.nanos();
  }

  /// What came from the client.
  private sealed interface Piece {
    record Bytes(Buffer buffer) implements Piece {}

    record End() implements Piece {}

    record Broken() implements Piece {}
  }

  /// Takes over the body of a request. Event loop only.
  static BodyStream of(Exchange exchange, Context loop, HttpConfig config, Ticker ticker) {
    var stream = new BodyStream(exchange, loop, config, ticker);
    var request = exchange.request();
    request.pause();
    request.handler(buffer -> stream.pieces.add(new Piece.Bytes(buffer)));
    request.exceptionHandler(_ -> stream.pieces.offer(new Piece.Broken()));
    request.endHandler(
        _ -> {
          exchange.bodyRead();
          stream.pieces.add(new Piece.End());
        });
    if ("100-continue".equalsIgnoreCase(request.getHeader("Expect"))) {
      request.response().writeContinue();
    }
    request.fetch(AHEAD);
    return stream;
  }

  @Override
  public int read() {
    var one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  /// @throws HttpException if the client is too slow (408) or has gone (400)
  @Override
  public int read(byte[] bytes, int offset, int length) {
    if (length == 0) {
      return 0;
    }
    while (place == piece.length()) {
      if (ended || !next()) {
        return -1;
      }
    }
    int count = Math.min(length, piece.length() - place);
    piece.getBytes(place, place + count, bytes, offset);
    place += count;
    return count;
  }

  private boolean next() {
    switch (take()) {
      case Piece.Bytes(var buffer) -> {
        piece = buffer;
        place = 0;
        received += buffer.length();
        loop.runOnContext(_ -> fetch());
        return true;
      }
      case Piece.End() -> {
        ended = true;
        return false;
      }
      case Piece.Broken() ->
          throw new HttpException(ErrorCode.BAD_REQUEST, 400, "the body ended too early");
    }
  }

  /// After the answer the rest of the body is drained by the exchange.
  private void fetch() {
    if (!exchange.isAnswered()) {
      exchange.request().fetch(1);
    }
  }

  /// A body may pause, but on the whole it must keep a pace, or it would hold its place for ever.
  private Piece take() {
    long late =
        ticker.nanos()
            - start
            - patienceNanos
            - received / LEAST_BYTES_PER_SECOND * TimeUnit.SECONDS.toNanos(1);
    try {
      var next = late > 0 ? pieces.poll() : pieces.poll(patienceNanos, TimeUnit.NANOSECONDS);
      if (next == null) {
        throw new HttpException(ErrorCode.BAD_REQUEST, 408, "the body took too long to arrive");
      }
      return next;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new HttpException(ErrorCode.UNAVAILABLE, 503, "the server is stopping");
    }
  }
}
