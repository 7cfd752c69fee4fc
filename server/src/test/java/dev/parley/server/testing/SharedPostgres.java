package dev.parley.server.testing;

import dev.parley.server.adapter.postgres.DatabaseConfig;
import dev.parley.server.adapter.postgres.Migrations;
import dev.parley.server.adapter.postgres.embedded.EmbeddedPostgres;
import dev.parley.server.base.StartupException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/// The real PostgreSQL of one test run. Its folder is kept under `target`, so only the first run
/// unpacks it.
final class SharedPostgres {
  private static final int MAX_RUNS_AT_ONCE = 8;

  private final EmbeddedPostgres postgres;
  private final AtomicInteger databases = new AtomicInteger();

  SharedPostgres() {
    postgres = start();
    dropDatabasesOfEarlierRuns();
    migrateTemplate();
  }

  // While a migration is being written, the template of the last run does not fit any more.
  private void migrateTemplate() {
    try {
      new Migrations(template()).migrate();
    } catch (StartupException e) {
      execute("drop database if exists " + template().database() + " with (force)");
      new Migrations(template()).migrate();
    }
  }

  /// A new database, copied from the migrated template.
  synchronized DatabaseConfig create() {
    DatabaseConfig config = postgres.config().withDatabase("test_" + databases.incrementAndGet());
    execute(
        "create database %s template %s owner parley"
            .formatted(config.database(), template().database()));
    return config;
  }

  DatabaseConfig superuser(DatabaseConfig config) {
    return postgres.superuser().withDatabase(config.database());
  }

  void drop(DatabaseConfig config) {
    execute("drop database " + config.database() + " with (force)");
  }

  // Two builds in one folder take one folder each.
  private static EmbeddedPostgres start() {
    StartupException taken = new StartupException("never tried");
    for (int run = 1; run <= MAX_RUNS_AT_ONCE; run++) {
      try {
        Path folder = Path.of("target", "test-postgres-" + run);
        return EmbeddedPostgres.start(folder, new SecureRandom(), step -> {}).stopAtExit();
      } catch (StartupException e) {
        if (!e.getMessage().contains("in use by another Parley")) {
          throw e;
        }
        taken = e;
      }
    }
    throw taken;
  }

  private DatabaseConfig template() {
    return postgres.config().withDatabase("template_parley");
  }

  private void dropDatabasesOfEarlierRuns() {
    var old = new ArrayList<String>();
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet names =
            statement.executeQuery(
                "select datname from pg_database where datname like 'test\\_%'")) {
      while (names.next()) {
        old.add(names.getString(1));
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    old.forEach(name -> execute("drop database " + name + " with (force)"));
  }

  private void execute(String sql) {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private Connection connect() throws SQLException {
    DatabaseConfig admin = postgres.superuser().withDatabase("postgres");
    return DriverManager.getConnection(admin.jdbcUrl(), admin.user(), admin.password());
  }
}
