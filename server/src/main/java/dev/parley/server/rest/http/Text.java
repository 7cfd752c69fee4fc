package dev.parley.server.rest.http;

import dev.parley.server.base.Moments;
import dev.parley.server.base.Refusal;
import java.time.DateTimeException;
import java.time.Instant;

/// What a text from outside must not hold.
final class Text {
  private Text() {}

  /// The text itself: PostgreSQL cannot keep NUL, and UTF-8 cannot carry half a surrogate pair.
  ///
  /// @throws dev.parley.server.base.RefusedException bad_request, naming the field
  static String checked(String name, String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == 0) {
        throw Refusal.badRequest(name + " must not contain the character NUL");
      }
      if (Character.isSurrogate(c)) {
        if (!isPair(text, i)) {
          throw Refusal.badRequest(name + " contains half of a surrogate pair");
        }
        i++;
      }
    }
    return text;
  }

  /// A moment as RFC 3339 writes it, with any offset.
  ///
  /// @throws dev.parley.server.base.RefusedException bad_request
  static Instant instant(String text) {
    try {
      return Moments.parse(text);
    } catch (DateTimeException e) {
      throw Refusal.badRequest("a time must look like 2026-11-21T08:30:00Z (RFC 3339)");
    }
  }

  private static boolean isPair(String text, int i) {
    return Character.isHighSurrogate(text.charAt(i))
        && i + 1 < text.length()
        && Character.isLowSurrogate(text.charAt(i + 1));
  }
}
