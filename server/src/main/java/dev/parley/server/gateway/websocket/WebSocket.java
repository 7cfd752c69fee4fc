package dev.parley.server.gateway.websocket;

import dev.parley.protocol.CloseCode;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.time.Duration;

/// An open connection that speaks frames. Event loop only, but for [#eventLoop()] and
/// [#remoteAddress()].
public interface WebSocket {
  /// Queues a frame that [FrameEncoder] or [Deflate] made. The same buffer may go to many sockets:
  /// its indexes do not move and the caller keeps its reference. Nothing happens once the socket is
  /// closing.
  void write(ByteBuf frame);

  /// Sends what was queued.
  void flush();

  /// Bytes queued and not yet taken by the kernel.
  long pendingBytes();

  /// Whether few enough bytes are pending, by the channel's write buffer water mark.
  boolean isWritable();

  /// Whether this client understands a frame that [Deflate] made of a payload of this many bytes.
  boolean inflates(int payloadBytes);

  /// The compressor to make such frames with, of this event loop.
  Deflate deflate();

  /// Has [WebSocketListener#alarm()] called once, up to a second early. A new alarm replaces the
  /// last one.
  ///
  /// @param delay from now; zero calls the alarm off
  void alarm(Duration delay);

  /// Stops or goes on reading from the peer.
  void reading(boolean on);

  /// Begins the closing handshake; messages that still come are dropped. The connection ends within
  /// the rules' time. Does nothing the second time.
  ///
  /// @param reason cut to 123 bytes
  void close(CloseCode code, String reason);

  /// Ends the connection at once, without a Close.
  void abort();

  boolean isOpen();

  EventLoop eventLoop();

  /// The peer's address as the socket sees it, without port.
  String remoteAddress();
}
