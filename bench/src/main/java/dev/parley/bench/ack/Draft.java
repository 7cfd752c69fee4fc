package dev.parley.bench.ack;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ThreadLocalRandom;

/// A message to one room as a whole frame, of which only the id and the op change.
final class Draft {
  private static final String HEX = "0123456789abcdef";
  private static final int ID_DIGITS = 10;
  private static final int OP_DIGITS = 12;
  private static final int HEADER = 8;

  private final byte[] frame;
  private final int idEnd;
  private final int opEnd;

  /// A draft with content of this many bytes. Its ops are UUIDs of version 7 whose last 48 bits
  /// count.
  Draft(String roomId, int size) {
    long millis = System.currentTimeMillis();
    var random = ThreadLocalRandom.current();
    var op =
        "%08x-%04x-7%03x-%04x-"
            .formatted(
                millis >>> 16,
                millis & 0xFFFF,
                random.nextInt(0x1000),
                0x8000 | random.nextInt(0x4000));
    var head = "{\"type\":\"message\",\"id\":";
    var middle = ",\"room_id\":\"" + roomId + "\",\"op\":\"" + op;
    var text =
        head
            + "0".repeat(ID_DIGITS)
            + middle
            + "0".repeat(OP_DIGITS)
            + "\",\"content\":\""
            + "x".repeat(size)
            + "\"}";
    this.frame = frame(text.getBytes(StandardCharsets.UTF_8));
    int start = frame.length - text.length();
    this.idEnd = start + head.length() + ID_DIGITS;
    this.opEnd = idEnd + middle.length() + OP_DIGITS;
  }

  byte[] frame() {
    return frame;
  }

  /// Makes it the next message.
  void stamp(long id) {
    long left = id;
    for (int i = 1; i <= ID_DIGITS; i++) {
      frame[idEnd - i] = (byte) ('0' + left % 10);
      left /= 10;
    }
    left = id;
    for (int i = 1; i <= OP_DIGITS; i++) {
      frame[opEnd - i] = (byte) HEX.charAt((int) (left & 0xF));
      left >>>= 4;
    }
  }

  /// A text frame, masked with zero (RFC 6455 asks for a mask, not for a good one).
  static byte[] frame(byte[] text) {
    var frame = ByteBuffer.allocate(HEADER + text.length);
    frame.put((byte) 0x81).put((byte) (0x80 | 126)).putShort((short) text.length).putInt(0);
    frame.put(text);
    if (text.length < 126) {
      return shortFrame(text);
    }
    return frame.array();
  }

  private static byte[] shortFrame(byte[] text) {
    var frame = ByteBuffer.allocate(6 + text.length);
    return frame.put((byte) 0x81).put((byte) (0x80 | text.length)).putInt(0).put(text).array();
  }
}
