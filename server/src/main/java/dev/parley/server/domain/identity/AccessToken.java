package dev.parley.server.domain.identity;

import java.time.Instant;

/// What a request shows to prove its account. Never printed.
public record AccessToken(String text, Instant expiresAt) {
  @Override
  public String toString() {
    return "[access token until " + expiresAt + "]";
  }
}
