package dev.parley.client;

import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One WebSocket: assembles frames, sends one after the other, and reports each end once.
final class Wire implements WebSocket.Listener {
  /// RFC 6455, section 7.1.5: the connection ended without a close frame.
  static final int ABNORMAL = 1006;

  private static final int GOING_AWAY = 1001;
  private static final int TOO_BIG = 1009;

  /// Frames that may wait for the client's thread. Beyond it the socket is not read.
  private static final int WINDOW = 64;

  /// Characters in one frame; an inbox of a thousand rooms takes a tenth. Beyond: the connection is
  /// cut.
  private static final int FRAME_CHARS = 8 * 1024 * 1024;

  /// Frames that may wait to be sent. Beyond: the connection is cut; what matters is sent again on
  /// the next one.
  private static final int QUEUE = 16_384;

  private final long number;
  private final Consumer<Signal> signals;
  private final StringBuilder frame = new StringBuilder(); // socket thread only
  private final ArrayDeque<String> queue = new ArrayDeque<>(); // guarded by this
  private @Nullable WebSocket socket; // guarded by this
  private boolean sending; // guarded by this
  private boolean probing; // guarded by this
  private boolean over; // guarded by this

  Wire(long number, Consumer<Signal> signals) {
    this.number = number;
    this.signals = signals;
  }

  long number() {
    return number;
  }

  /// Sends a text frame after those before it.
  void send(String text) {
    synchronized (this) {
      if (over) {
        return;
      }
      queue.add(text);
    }
    if (queued() > QUEUE) {
      end(ABNORMAL, "the server does not read");
      return;
    }
    pump();
  }

  /// Sends a ping, which fails if the connection is gone. Says so again if it was said before.
  void probe() {
    WebSocket open;
    boolean isOver;
    boolean isStuck;
    synchronized (this) {
      open = socket;
      isOver = over;
      isStuck = probing;
      probing = true;
    }
    if (isOver) {
      signals.accept(new Signal.Lost(number, ABNORMAL, "the connection has ended", null));
    } else if (isStuck || open == null || open.isInputClosed() || open.isOutputClosed()) {
      end(ABNORMAL, "the connection is gone");
    } else {
      var _ = open.sendPing(ByteBuffer.allocate(0)).whenComplete((_, failure) -> probed(failure));
    }
  }

  private void probed(@Nullable Throwable failure) {
    synchronized (this) {
      probing = false;
    }
    if (failure != null) {
      end(ABNORMAL, String.valueOf(failure));
    }
  }

  /// A frame was dealt with.
  void more() {
    var open = socket();
    if (open != null) {
      open.request(1);
    }
  }

  /// Ends the TCP connection without a word.
  void cut() {
    markOver();
    var open = socket();
    if (open != null) {
      open.abort();
    }
  }

  /// Says goodbye; what the server still sends is not listened to.
  void close() {
    markOver();
    var open = socket();
    if (open != null && !open.isOutputClosed()) {
      var _ =
          open.sendClose(WebSocket.NORMAL_CLOSURE, "").whenComplete((_, failure) -> open.abort());
    }
  }

  @Override
  public void onOpen(WebSocket opened) {
    boolean isUnwanted;
    synchronized (this) {
      socket = opened;
      isUnwanted = over;
    }
    if (isUnwanted) {
      opened.abort();
      return;
    }
    signals.accept(new Signal.Opened(number));
    opened.request(WINDOW);
  }

  @Override
  public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
    if (frame.length() + data.length() > FRAME_CHARS) {
      end(TOO_BIG, "the server sent a frame of more than " + FRAME_CHARS + " characters");
      return null;
    }
    frame.append(data);
    if (!last) {
      from.request(1);
      return null;
    }
    var text = frame.toString();
    frame.setLength(0);
    signals.accept(new Signal.Received(number, text));
    return null;
  }

  @Override
  public @Nullable CompletionStage<?> onBinary(WebSocket from, ByteBuffer data, boolean last) {
    from.request(1);
    return null;
  }

  @Override
  public @Nullable CompletionStage<?> onPing(WebSocket from, ByteBuffer message) {
    from.request(1);
    return null;
  }

  @Override
  public @Nullable CompletionStage<?> onPong(WebSocket from, ByteBuffer message) {
    from.request(1);
    return null;
  }

  @Override
  public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
    end(code, reason);
    return null;
  }

  @Override
  public void onError(WebSocket from, Throwable failure) {
    end(ABNORMAL, String.valueOf(failure));
  }

  /// The wire is gone; only the first call says so.
  private void end(int code, String reason) {
    if (!markOver()) {
      return;
    }
    var open = socket();
    if (open != null && code != GOING_AWAY) {
      open.abort();
    }
    signals.accept(new Signal.Lost(number, code, reason, null));
  }

  private synchronized boolean markOver() {
    boolean isFirst = !over;
    over = true;
    queue.clear();
    return isFirst;
  }

  private synchronized @Nullable WebSocket socket() {
    return socket;
  }

  private synchronized int queued() {
    return queue.size();
  }

  /// The JDK takes the next frame only when the last one is written.
  private void pump() {
    WebSocket open;
    String text;
    synchronized (this) {
      if (sending || over || socket == null || queue.isEmpty()) {
        return;
      }
      sending = true;
      open = socket;
      text = queue.remove();
    }
    var _ = open.sendText(text, true).whenComplete((_, failure) -> sent(failure));
  }

  private void sent(@Nullable Throwable failure) {
    synchronized (this) {
      sending = false;
    }
    if (failure != null) {
      end(ABNORMAL, String.valueOf(failure));
      return;
    }
    pump();
  }
}
