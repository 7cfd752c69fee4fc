package dev.parley.server.app;

import dev.parley.server.adapter.postgres.DatabaseConfig;
import dev.parley.server.app.config.DatabaseConfig.External;
import dev.parley.server.app.config.Secret;

/// Hands the operator's database address on to the adapter.
final class Databases {
  /// Connections of the message log: its writer lanes never wait for readers.
  static final int LOG_CONNECTIONS = 3;

  private Databases() {}

  static DatabaseConfig of(External external) {
    var url = external.url();
    return new DatabaseConfig(
        url.host(),
        url.port(),
        url.database(),
        url.user(),
        url.password().map(Secret::reveal).orElse(""),
        url.parameters(),
        external.poolSize() - LOG_CONNECTIONS,
        LOG_CONNECTIONS);
  }
}
