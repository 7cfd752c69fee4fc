package dev.parley.server.app.config;

import java.nio.file.Path;

/// Which PostgreSQL keeps everything.
public sealed interface DatabaseConfig {
  /// Connections that this process opens, 5 to 500.
  int poolSize();

  /// One of our own, started and supervised by this process.
  ///
  /// @param data the data folder; it lives in a folder of its own there
  record Embedded(Path data, int poolSize) implements DatabaseConfig {
    /// Connections that one process may have to it.
    public static final int MAX_POOL = 50;

    public Embedded {
      requirePool(poolSize);
      if (poolSize > MAX_POOL) {
        throw new IllegalArgumentException("our own PostgreSQL takes at most " + MAX_POOL);
      }
    }
  }

  /// One that somebody else runs.
  record External(DatabaseUrl url, int poolSize) implements DatabaseConfig {
    public External {
      requirePool(poolSize);
    }
  }

  private static void requirePool(int size) {
    if (size < 5 || size > 500) {
      throw new IllegalArgumentException("a pool holds 5 to 500 connections, not " + size);
    }
  }
}
