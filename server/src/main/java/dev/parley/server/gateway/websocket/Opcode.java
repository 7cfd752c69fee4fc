package dev.parley.server.gateway.websocket;

/// The first byte of a frame: its bits and the opcodes of RFC 6455 §5.2.
final class Opcode {
  static final int FIN = 0x80;
  static final int RSV1 = 0x40;
  static final int RSV2_RSV3 = 0x30;
  static final int OPCODE = 0x0F;

  static final int CONTINUATION = 0x0;
  static final int TEXT = 0x1;
  static final int BINARY = 0x2;
  static final int CLOSE = 0x8;
  static final int PING = 0x9;
  static final int PONG = 0xA;

  private Opcode() {}

  static boolean isControl(int head) {
    return (head & 0x08) != 0;
  }
}
