package dev.parley.server.domain.identity;

import java.util.Locale;

/// The names in which this server signs access tokens. They prove the same and differ in which
/// sockets at `/ws` their bearers are led to.
public enum Issuer {
  /// Ours.
  PARLEY,
  /// For clients of the third seed.
  GOCHAT;

  /// The `iss` of the token, in lower case.
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
