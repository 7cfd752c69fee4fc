package dev.parley.server.gateway.websocket;

import io.netty.buffer.ByteBuf;

/// The client's mask (RFC 6455 §5.3), taken off where the bytes lie.
final class Mask {
  private Mask() {}

  /// Unmasks the next `length` readable bytes and moves no index.
  ///
  /// @param mask the key, turned so that its first byte belongs to the first of these bytes
  /// @return the key turned for the byte after the last one
  static int remove(ByteBuf bytes, int length, int mask) {
    int at = bytes.readerIndex();
    int end = at + length;
    long wide = (Integer.toUnsignedLong(mask) << 32) | Integer.toUnsignedLong(mask);
    for (; end - at >= Long.BYTES; at += Long.BYTES) {
      bytes.setLong(at, bytes.getLong(at) ^ wide);
    }
    for (; at < end; at++) {
      bytes.setByte(at, bytes.getByte(at) ^ (mask >>> 24));
      mask = Integer.rotateLeft(mask, Byte.SIZE);
    }
    return mask;
  }
}
