package dev.parley.server.domain.identity;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;

/// Opens one socket, once: for browsers, which cannot send a header with a socket's handshake and
/// should not put an access token into an address that is logged. Never printed, and only its
/// SHA-256 is kept.
public record Ticket(String text, Instant expiresAt) {
  /// What is kept of a ticket.
  static byte[] hash(String text) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      return digest.digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  @Override
  public String toString() {
    return "[ticket until " + expiresAt + "]";
  }
}
