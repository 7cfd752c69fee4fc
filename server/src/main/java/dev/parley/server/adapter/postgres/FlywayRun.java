package dev.parley.server.adapter.postgres;

import dev.parley.server.base.StartupException;
import java.util.Map;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

/// Lets Flyway apply the migrations. In a class of its own, because merely loading Flyway costs a
/// start with an up-to-date database a good part of its time.
final class FlywayRun {
  private static final String SCHEMA = "parley";

  private final DatabaseConfig config;

  FlywayRun(DatabaseConfig config) {
    this.config = config;
  }

  /// Applies what is missing, one node at a time.
  ///
  /// @throws StartupException when a migration fails or was changed after it had been applied
  void migrate() {
    try {
      Flyway.configure()
          .dataSource(config.dataSource(Map.of("role", Roles.OWNER)))
          .schemas(SCHEMA)
          .defaultSchema(SCHEMA)
          .locations("classpath:" + MigrationFiles.FOLDER)
          .load()
          .migrate();
    } catch (FlywayException e) {
      throw new StartupException(
          "The database %s could not be migrated: %s".formatted(config, e.getMessage()), e);
    }
  }
}
