package dev.parley.server.rest.http;

import dev.parley.server.base.Refusal;

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

  private static boolean isPair(String text, int i) {
    return Character.isHighSurrogate(text.charAt(i))
        && i + 1 < text.length()
        && Character.isLowSurrogate(text.charAt(i + 1));
  }
}
