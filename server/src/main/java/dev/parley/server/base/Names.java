package dev.parley.server.base;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;

/// Checks and cleans what people type as names and texts.
public final class Names {
  private Names() {}

  /// A name for show: NFC, trimmed, without control and direction-override characters, 1 to `max`
  /// characters.
  ///
  /// @throws RefusedException bad_request, naming the field
  public static String required(String field, String text, int max) {
    var clean = optional(field, text, max);
    if (clean.isEmpty()) {
      throw Refusal.badRequest(field + " must not be empty");
    }
    return clean;
  }

  /// The same, but may be empty.
  public static String optional(String field, String text, int max) {
    var clean = Normalizer.normalize(storable(field, text), Normalizer.Form.NFC).strip();
    var visible = new StringBuilder(clean.length());
    clean.codePoints().filter(Names::visible).forEach(visible::appendCodePoint);
    if (visible.codePointCount(0, visible.length()) > max) {
      throw Refusal.badRequest(field + " must have at most " + max + " characters");
    }
    return visible.toString();
  }

  /// A text that is kept exactly as it is; only what PostgreSQL or UTF-8 cannot carry is refused.
  ///
  /// @throws RefusedException bad_request for NUL and halves of surrogate pairs
  public static String storable(String field, String text) {
    if (text.indexOf('\0') >= 0) {
      throw Refusal.badRequest(field + " must not contain the character NUL");
    }
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
      throw Refusal.badRequest(field + " contains half of a surrogate pair");
    }
    return text;
  }

  /// The length of a text in UTF-8 bytes.
  public static int bytes(String text) {
    int bytes = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      // A surrogate is half of a character of four bytes.
      bytes += c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
    }
    return bytes;
  }

  private static boolean visible(int c) {
    boolean override = (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
    return !Character.isISOControl(c) && !override;
  }
}
