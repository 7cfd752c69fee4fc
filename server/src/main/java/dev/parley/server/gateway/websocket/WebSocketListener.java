package dev.parley.server.gateway.websocket;

import io.netty.buffer.ByteBuf;

/// Who owns a [WebSocket] and hears from it, on its event loop. Every buffer is valid during the
/// call only: who keeps one retains it.
public interface WebSocketListener {
  /// A whole text message, proven UTF-8.
  void text(ByteBuf message);

  /// A whole binary message.
  void binary(ByteBuf message);

  /// A pong, asked for or not.
  default void pong() {}

  /// Everything of one read has been heard; what was written meanwhile may be flushed together now.
  default void readComplete() {}

  /// So much has been sent that [WebSocket#isWritable()] is true again.
  default void writable() {}

  /// The moment of [WebSocket#alarm] has come.
  default void alarm() {}

  /// A call of this listener threw, or the connection did. The socket closes itself.
  void failed(Throwable cause);

  /// The connection is gone; the last call, and it comes exactly once.
  ///
  /// @param code the peer's, ours if we closed first, [CloseStatus#NONE] or [CloseStatus#ABNORMAL]
  void closed(int code);
}
