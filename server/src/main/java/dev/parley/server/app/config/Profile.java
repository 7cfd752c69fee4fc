package dev.parley.server.app.config;

/// How strict the start is.
public enum Profile {
  /// Starts with nothing set: loopback, a secret of its own, the open realm on.
  DEV,
  /// Starts only with a strong secret and a database; the open realm off.
  PRODUCTION
}
