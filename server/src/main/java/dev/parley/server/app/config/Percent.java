package dev.parley.server.app.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;

/// Percent-encoding in the parts of a URL (RFC 3986, section 2.1), where `+` is only a plus.
final class Percent {
  private Percent() {}

  /// @throws IllegalArgumentException when a `%` is not followed by two hexadecimal digits
  static String decode(String text) {
    try {
      return URLDecoder.decode(text.replace("+", "%2B"), UTF_8);
    } catch (IllegalArgumentException e) {
      // Its message holds characters of the text, which may be a password.
      throw new IllegalArgumentException("a % without two hexadecimal digits after it");
    }
  }
}
