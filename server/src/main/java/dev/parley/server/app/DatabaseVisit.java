package dev.parley.server.app;

import dev.parley.server.adapter.postgres.DatabaseConfig;
import dev.parley.server.adapter.postgres.embedded.EmbeddedPostgres;
import dev.parley.server.app.config.DatabaseConfig.Embedded;
import dev.parley.server.app.config.DatabaseConfig.External;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/// The database for the time of one command: the operator's, or our own, which is started if no
/// server runs it now.
final class DatabaseVisit implements AutoCloseable {
  private final DatabaseConfig config;
  private final Optional<EmbeddedPostgres> started;

  private DatabaseVisit(DatabaseConfig config, Optional<EmbeddedPostgres> started) {
    this.config = config;
    this.started = started;
  }

  /// @param chance a secure one
  /// @param progress hears of steps that take long
  /// @throws dev.parley.server.base.StartupException when our own cannot be started, with what to
  ///   do
  static DatabaseVisit to(
      dev.parley.server.app.config.DatabaseConfig wanted,
      RandomGenerator chance,
      Consumer<String> progress) {
    return switch (wanted) {
      case External external -> new DatabaseVisit(Databases.of(external), Optional.empty());
      case Embedded embedded ->
          EmbeddedPostgres.running(embedded.data())
              .map(config -> new DatabaseVisit(config, Optional.empty()))
              .orElseGet(
                  () -> started(EmbeddedPostgres.start(embedded.data(), chance, progress::accept)));
    };
  }

  private static DatabaseVisit started(EmbeddedPostgres postgres) {
    return new DatabaseVisit(postgres.config(), Optional.of(postgres));
  }

  DatabaseConfig config() {
    return config;
  }

  @Override
  public void close() {
    started.ifPresent(EmbeddedPostgres::close);
  }
}
