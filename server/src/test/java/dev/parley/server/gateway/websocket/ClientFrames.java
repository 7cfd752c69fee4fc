package dev.parley.server.gateway.websocket;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// Client frames as bytes, right or deliberately wrong.
public final class ClientFrames {
  private static final byte[] MASK = {0x37, (byte) 0xfa, 0x21, 0x3d};

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  public ClientFrames text(String text) {
    return frame(0x81, text.getBytes(StandardCharsets.UTF_8));
  }

  public ClientFrames ping(String text) {
    return frame(0x89, text.getBytes(StandardCharsets.UTF_8));
  }

  public ClientFrames close(int code, String reason) {
    byte[] text = reason.getBytes(StandardCharsets.UTF_8);
    return frame(
        0x88, ByteBuffer.allocate(2 + text.length).putShort((short) code).put(text).array());
  }

  /// A frame with the shortest length.
  public ClientFrames frame(int head, byte... payload) {
    return header(head, payload.length).masked(payload);
  }

  public ClientFrames header(int head, int length) {
    bytes.write(head);
    if (length < 126) {
      bytes.write(0x80 | length);
    } else if (length <= 0xFFFF) {
      raw(0xFE, length >> 8, length);
    } else {
      bytes.write(0xFF);
      bytes.writeBytes(ByteBuffer.allocate(8).putLong(length).array());
    }
    bytes.writeBytes(MASK);
    return this;
  }

  public ClientFrames masked(byte... payload) {
    for (int i = 0; i < payload.length; i++) {
      bytes.write(payload[i] ^ MASK[i % 4]);
    }
    return this;
  }

  public ClientFrames raw(int... octets) {
    for (int octet : octets) {
      bytes.write(octet);
    }
    return this;
  }

  public byte[] bytes() {
    return bytes.toByteArray();
  }
}
