package dev.parley.server.gateway.websocket;

import dev.parley.protocol.CloseCode;
import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.util.Optional;

/// Sends every message back: the other end of a conformance test, never of a user.
public final class EchoListener implements WebSocketListener {
  /// The rules of the conformance endpoint: messages of 64 MiB and time enough for them.
  public static final SocketRules RULES =
      new SocketRules(
          new FrameLimits(64 << 20, 64 << 20, 1 << 20),
          Duration.ZERO,
          Duration.ZERO,
          Duration.ofMinutes(2),
          Duration.ofSeconds(2),
          10_000);

  /// Who sends and does not read is cut off here.
  private static final long MAX_PENDING_BYTES = 256L << 20;

  private final WebSocket socket;

  public EchoListener(WebSocket socket) {
    this.socket = socket;
  }

  @Override
  public void text(ByteBuf message) {
    send(compressed(message, true).orElseGet(() -> FrameEncoder.text(message.alloc(), message)));
  }

  @Override
  public void binary(ByteBuf message) {
    send(compressed(message, false).orElseGet(() -> FrameEncoder.binary(message.alloc(), message)));
  }

  @Override
  public void failed(Throwable cause) {}

  @Override
  public void closed(int code) {}

  private Optional<ByteBuf> compressed(ByteBuf message, boolean text) {
    if (!socket.inflates(message.readableBytes())) {
      return Optional.empty();
    }
    return text ? socket.deflate().text(message) : socket.deflate().binary(message);
  }

  private void send(ByteBuf frame) {
    socket.write(frame);
    frame.release();
    socket.flush();
    if (socket.pendingBytes() > MAX_PENDING_BYTES) {
      socket.close(CloseCode.POLICY, "not reading");
    }
  }
}
