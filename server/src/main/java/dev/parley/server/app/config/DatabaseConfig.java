package dev.parley.server.app.config;

import java.nio.file.Path;

/// Which PostgreSQL keeps everything.
public sealed interface DatabaseConfig {
  /// Connections that this process opens, 2 to 500.
  int poolSize();

  /// One of our own, started and supervised by this process.
  ///
  /// @param folder where it lives; made when it is missing
  record Embedded(Path folder, int poolSize) implements DatabaseConfig {
    public Embedded {
      requirePool(poolSize);
    }
  }

  /// One that somebody else runs.
  record External(DatabaseUrl url, int poolSize) implements DatabaseConfig {
    public External {
      requirePool(poolSize);
    }
  }

  private static void requirePool(int size) {
    if (size < 2 || size > 500) {
      throw new IllegalArgumentException("a pool holds 2 to 500 connections, not " + size);
    }
  }
}
