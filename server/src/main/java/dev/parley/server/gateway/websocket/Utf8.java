package dev.parley.server.gateway.websocket;

import io.netty.buffer.ByteBuf;

/// An incremental UTF-8 check (RFC 3629 §4) that fails at the first byte that no valid text could
/// have.
///
/// The state between two calls is one int: how many bytes the current character still needs, and
/// the range the next one must lie in. The range is what refuses overlong forms, surrogates and
/// everything above U+10FFFF at their second byte.
final class Utf8 {
  /// Between two characters: the only state in which a text may end.
  static final int START = 0;

  /// No continuation makes this text valid.
  static final int BAD = -1;

  private static final long NOT_ASCII = 0x8080_8080_8080_8080L;

  private Utf8() {}

  /// Checks the readable bytes and moves no index.
  ///
  /// @param state what the call for the bytes before returned, at first [#START]
  /// @return the state after the last byte, or [#BAD]
  static int check(int state, ByteBuf bytes) {
    int at = bytes.readerIndex();
    int end = bytes.writerIndex();
    while (at < end) {
      if (state == START && end - at >= Long.BYTES && (bytes.getLong(at) & NOT_ASCII) == 0) {
        at += Long.BYTES;
        continue;
      }
      state = next(state, bytes.getByte(at++) & 0xFF);
      if (state == BAD) {
        return BAD;
      }
    }
    return state;
  }

  private static int next(int state, int octet) {
    if (state == START) {
      return octet < 0x80 ? START : lead(octet);
    }
    if (octet < low(state) || octet > high(state)) {
      return BAD;
    }
    int needed = needed(state) - 1;
    return needed == 0 ? START : state(needed, 0x80, 0xBF);
  }

  private static int lead(int octet) {
    return switch (octet) {
      case 0xE0 -> state(2, 0xA0, 0xBF);
      case 0xED -> state(2, 0x80, 0x9F);
      case 0xF0 -> state(3, 0x90, 0xBF);
      case 0xF4 -> state(3, 0x80, 0x8F);
      default -> {
        if (octet < 0xC2 || octet > 0xF4) {
          yield BAD;
        }
        yield state(octet < 0xE0 ? 1 : octet < 0xF0 ? 2 : 3, 0x80, 0xBF);
      }
    };
  }

  private static int state(int needed, int low, int high) {
    return (needed << 16) | (low << 8) | high;
  }

  private static int needed(int state) {
    return state >>> 16;
  }

  private static int low(int state) {
    return (state >>> 8) & 0xFF;
  }

  private static int high(int state) {
    return state & 0xFF;
  }
}
