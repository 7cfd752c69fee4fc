package dev.parley.server.gateway.websocket;

import io.netty.buffer.ByteBuf;

/// What a [FrameDecoder] finds. Every buffer is valid during the call only: who keeps one retains
/// it.
public interface FrameHandler {
  /// A whole text message, proven UTF-8.
  void text(ByteBuf message);

  /// Whether messages are still wanted; those that are not need not be inflated.
  default boolean wantsMessages() {
    return true;
  }

  /// A whole binary message.
  void binary(ByteBuf message);

  /// A ping.
  ///
  /// @param payload at most 125 bytes
  void ping(ByteBuf payload);

  /// A pong.
  ///
  /// @param payload at most 125 bytes
  void pong(ByteBuf payload);

  /// The peer's Close; nothing follows it.
  ///
  /// @param code a legal code, or [CloseStatus#NONE] if the frame had none
  /// @param reason proven UTF-8, at most 123 bytes
  void close(int code, ByteBuf reason);
}
