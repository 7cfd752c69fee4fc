package dev.parley.server.app.config;

import java.security.PublicKey;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// How callers prove who they are.
///
/// @param secret signs our own tokens
/// @param publicKeys keys of another service whose tokens are good here too; RSA or Ed25519
/// @param issuer the `iss` that tokens under `publicKeys` must carry; empty accepts any
/// @param audience the `aud` that they must name; empty accepts those that name none or `parley`
public record AuthConfig(
    SigningSecret secret,
    List<PublicKey> publicKeys,
    Optional<String> issuer,
    Optional<String> audience,
    Duration accessTokenTtl,
    Duration refreshTokenTtl) {
  public AuthConfig {
    publicKeys = List.copyOf(publicKeys);
    if (!accessTokenTtl.isPositive() || !refreshTokenTtl.isPositive()) {
      throw new IllegalArgumentException("tokens must live longer than no time");
    }
  }
}
