package dev.parley.client.rest;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What proves an account.
///
/// @param accessToken goes with every request; short-lived
/// @param expiresAt when the access token ends, by the server's clock; null if unknown
/// @param refreshToken buys the next pair, once; null if this access token is all there is
public record Tokens(
    String accessToken, @Nullable Instant expiresAt, @Nullable String refreshToken) {
  /// An access token that cannot be renewed.
  public static Tokens fixed(String accessToken) {
    return new Tokens(accessToken, null, null);
  }

  /// Neither token is for anybody's log.
  @Override
  public String toString() {
    return "Tokens[expiresAt=" + expiresAt + "]";
  }
}
