package dev.parley.server.gateway.websocket;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import java.nio.charset.StandardCharsets;

/// Writes server frames: never masked, never fragmented, so the same bytes serve every connection.
///
/// A codec writes its text straight into a buffer from [#open] and [#seal] puts the header in front
/// of it, without a copy.
public final class FrameEncoder {
  /// Room for the longest header of a payload that an `int` can count.
  private static final int HEADER_ROOM = 10;

  private static final int CONTROL_BYTES = 125;

  private FrameEncoder() {}

  /// An empty buffer to write a payload into, with room for the header in front.
  ///
  /// @param payloadBytes a guess; the buffer grows
  public static ByteBuf open(ByteBufAllocator allocator, int payloadBytes) {
    return allocator.buffer(HEADER_ROOM + payloadBytes).setIndex(HEADER_ROOM, HEADER_ROOM);
  }

  /// Turns what was written after [#open] into one text frame; the same buffer, nothing copied.
  public static ByteBuf sealText(ByteBuf payload) {
    return seal(payload, Opcode.FIN | Opcode.TEXT);
  }

  /// Turns what was written after [#open] into one binary frame; the same buffer, nothing copied.
  public static ByteBuf sealBinary(ByteBuf payload) {
    return seal(payload, Opcode.FIN | Opcode.BINARY);
  }

  /// Adds one text frame to a buffer that may hold others already.
  public static void appendText(ByteBuf out, byte[] payload) {
    writeHeader(out, Opcode.FIN | Opcode.TEXT, payload.length);
    out.writeBytes(payload);
  }

  /// A text frame around a copy of the readable bytes, whose index does not move.
  public static ByteBuf text(ByteBufAllocator allocator, ByteBuf payload) {
    return frame(allocator, Opcode.FIN | Opcode.TEXT, payload);
  }

  /// A text frame of this string.
  public static ByteBuf text(ByteBufAllocator allocator, String payload) {
    ByteBuf frame = open(allocator, payload.length());
    frame.writeCharSequence(payload, StandardCharsets.UTF_8);
    return sealText(frame);
  }

  /// A binary frame around a copy of the readable bytes, whose index does not move.
  public static ByteBuf binary(ByteBufAllocator allocator, ByteBuf payload) {
    return frame(allocator, Opcode.FIN | Opcode.BINARY, payload);
  }

  /// A ping.
  ///
  /// @param payload at most 125 bytes
  public static ByteBuf ping(ByteBufAllocator allocator, ByteBuf payload) {
    return control(allocator, Opcode.PING, payload);
  }

  /// A pong.
  ///
  /// @param payload at most 125 bytes
  public static ByteBuf pong(ByteBufAllocator allocator, ByteBuf payload) {
    return control(allocator, Opcode.PONG, payload);
  }

  /// A Close frame.
  ///
  /// @param code [CloseStatus#NONE] makes an empty body
  /// @param reason cut to 123 bytes at a character's edge
  public static ByteBuf close(ByteBufAllocator allocator, int code, String reason) {
    ByteBuf frame = open(allocator, CONTROL_BYTES);
    if (code != CloseStatus.NONE) {
      frame.writeShort(code).writeBytes(cut(reason, CONTROL_BYTES - Short.BYTES));
    }
    return seal(frame, Opcode.FIN | Opcode.CLOSE);
  }

  static ByteBuf seal(ByteBuf payload, int head) {
    int length = payload.readableBytes();
    int start = payload.readerIndex() - headerBytes(length);
    int end = payload.writerIndex();
    payload.setIndex(start, start);
    writeHeader(payload, head, length);
    return payload.writerIndex(end);
  }

  static void writeHeader(ByteBuf out, int head, int length) {
    out.writeByte(head);
    if (length <= CONTROL_BYTES) {
      out.writeByte(length);
    } else if (length <= 0xFFFF) {
      out.writeByte(126).writeShort(length);
    } else {
      out.writeByte(127).writeLong(length);
    }
  }

  /// How many bytes the header of such a frame takes.
  public static int headerBytes(int length) {
    return length <= CONTROL_BYTES ? 2 : length <= 0xFFFF ? 4 : HEADER_ROOM;
  }

  private static ByteBuf control(ByteBufAllocator allocator, int opcode, ByteBuf payload) {
    if (payload.readableBytes() > CONTROL_BYTES) {
      throw new IllegalArgumentException(
          "control payload of " + payload.readableBytes() + " bytes");
    }
    return frame(allocator, Opcode.FIN | opcode, payload);
  }

  private static ByteBuf frame(ByteBufAllocator allocator, int head, ByteBuf payload) {
    int length = payload.readableBytes();
    ByteBuf frame = allocator.buffer(headerBytes(length) + length);
    writeHeader(frame, head, length);
    return frame.writeBytes(payload, payload.readerIndex(), length);
  }

  private static byte[] cut(String reason, int bytes) {
    int chars = reason.length();
    while (ByteBufUtil.utf8Bytes(reason.substring(0, chars)) > bytes) {
      chars = reason.offsetByCodePoints(chars, -1);
    }
    return reason.substring(0, chars).getBytes(StandardCharsets.UTF_8);
  }
}
