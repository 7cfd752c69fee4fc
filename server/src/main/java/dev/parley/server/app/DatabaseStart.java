package dev.parley.server.app;

import dev.parley.server.adapter.postgres.DatabaseChecks;
import dev.parley.server.adapter.postgres.DatabaseConfig;
import dev.parley.server.adapter.postgres.Migrations;
import dev.parley.server.adapter.postgres.embedded.EmbeddedPostgres;
import dev.parley.server.app.config.DatabaseConfig.Embedded;
import dev.parley.server.app.config.DatabaseConfig.External;
import dev.parley.server.base.Finding;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Gets the database ready: starts our own if no other is set, migrates it, and refuses one that
/// cannot keep our promises.
final class DatabaseStart {
  private static final Logger LOG = LoggerFactory.getLogger(DatabaseStart.class);

  private final Machine machine;
  private final Lifecycle lifecycle;
  private final Consumer<String> progress;

  DatabaseStart(Machine machine, Lifecycle lifecycle, Consumer<String> progress) {
    this.machine = machine;
    this.lifecycle = lifecycle;
    this.progress = progress;
  }

  /// Where the database is, ready to be used.
  DatabaseConfig prepare(dev.parley.server.app.config.DatabaseConfig wanted) {
    var config = locate(wanted);
    if (new Migrations(config).migrate()) {
      progress.accept("The database has the schema of this version");
    }
    check(config);
    return config;
  }

  private DatabaseConfig locate(dev.parley.server.app.config.DatabaseConfig wanted) {
    return switch (wanted) {
      case External external -> Databases.of(external);
      case Embedded(var data, var poolSize) -> {
        var postgres = EmbeddedPostgres.start(data, machine.random(), progress::accept);
        lifecycle.started("PostgreSQL", postgres);
        yield postgres
            .config()
            .withConnections(poolSize - Databases.LOG_CONNECTIONS, Databases.LOG_CONNECTIONS);
      }
    };
  }

  private void check(DatabaseConfig config) {
    for (var finding : new DatabaseChecks(config, machine.clock()).run()) {
      if (finding.level() == Finding.Level.REFUSAL) {
        throw new StartException(finding.what() + " " + finding.advice());
      }
      if (finding.level() == Finding.Level.WARNING) {
        LOG.warn("{} {}", finding.what(), finding.advice());
      }
    }
  }
}
