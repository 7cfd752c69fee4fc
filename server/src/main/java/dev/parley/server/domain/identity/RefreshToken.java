package dev.parley.server.domain.identity;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// What a device shows once to get new tokens; 256 bits that mean nothing. Never printed, and only
/// its SHA-256 is kept: a hash without salt suffices for what nobody can guess.
public record RefreshToken(String text) {
  /// What is kept of it.
  public byte[] hash() {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      return digest.digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  @Override
  public String toString() {
    return "[refresh token]";
  }
}
