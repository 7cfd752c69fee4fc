package dev.parley.server.app;

import dev.parley.server.adapter.postgres.DatabaseChecks;
import dev.parley.server.adapter.postgres.DatabaseConfig;
import dev.parley.server.adapter.postgres.Migrations;
import dev.parley.server.adapter.postgres.embedded.EmbeddedPostgres;
import dev.parley.server.app.config.DatabaseConfig.Embedded;
import dev.parley.server.app.config.DatabaseConfig.External;
import dev.parley.server.base.Finding;
import java.util.List;
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
  private final Runnable whenLost;

  /// @param whenLost runs if our own database ends for good
  DatabaseStart(
      Machine machine, Lifecycle lifecycle, Consumer<String> progress, Runnable whenLost) {
    this.machine = machine;
    this.lifecycle = lifecycle;
    this.progress = progress;
    this.whenLost = whenLost;
  }

  /// Where the database is, ready to be used.
  DatabaseConfig prepare(dev.parley.server.app.config.DatabaseConfig wanted) {
    var config = locate(wanted);
    if (new Migrations(config).migrate()) {
      progress.accept("The database has the schema of this version");
    }
    check(new DatabaseChecks(config, machine.clock()).run());
    return config;
  }

  /// Before anything is changed in it.
  private DatabaseConfig judged(DatabaseConfig config) {
    check(new DatabaseChecks(config, machine.clock()).server());
    return config;
  }

  private DatabaseConfig locate(dev.parley.server.app.config.DatabaseConfig wanted) {
    return switch (wanted) {
      case External external -> judged(Databases.of(external));
      case Embedded(var data, var poolSize) -> {
        var postgres = EmbeddedPostgres.start(data, machine.random(), progress::accept);
        lifecycle.started("PostgreSQL", postgres);
        postgres.whenGivenUp(whenLost);
        yield postgres
            .config()
            .withConnections(poolSize - Databases.LOG_CONNECTIONS, Databases.LOG_CONNECTIONS);
      }
    };
  }

  /// Refuses by the first finding that is a refusal; warns of the rest.
  static void check(List<Finding> findings) {
    for (var finding : findings) {
      if (finding.level() == Finding.Level.REFUSAL) {
        throw new StartException(finding.what() + " " + finding.advice());
      }
      if (finding.level() == Finding.Level.WARNING) {
        LOG.warn("{} {}", finding.what(), finding.advice());
      }
    }
  }
}
