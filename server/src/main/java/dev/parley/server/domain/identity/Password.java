package dev.parley.server.domain.identity;

import java.nio.charset.StandardCharsets;

/// A password exactly as it was typed: nothing trimmed, cut or folded. Never printed.
public record Password(String value) {
  /// What is hashed.
  public byte[] bytes() {
    return value.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public String toString() {
    return "[password]";
  }
}
