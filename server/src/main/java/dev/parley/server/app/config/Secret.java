package dev.parley.server.app.config;

import static java.nio.charset.StandardCharsets.UTF_8;

/// A text that must never be printed.
public record Secret(String reveal) {
  /// What is shown instead.
  public static final String HIDDEN = "***";

  /// The bytes of the text in UTF-8.
  public byte[] bytes() {
    return reveal.getBytes(UTF_8);
  }

  @Override
  public String toString() {
    return HIDDEN;
  }
}
