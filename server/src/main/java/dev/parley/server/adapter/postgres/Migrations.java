package dev.parley.server.adapter.postgres;

import dev.parley.server.base.StartupException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Brings the database to the schema that this Parley wants: makes the database, the roles and the
/// tables that are missing. Several nodes may do it at once; they wait for each other.
public final class Migrations {
  private static final Logger LOG = LoggerFactory.getLogger(Migrations.class);
  private static final String NO_SUCH_DATABASE = "3D000";
  private static final Set<String> ALREADY_THERE = Set.of("42P04", "23505");

  private final DatabaseConfig config;

  public Migrations(DatabaseConfig config) {
    this.config = config;
  }

  /// Migrates. When the database has been through these very migrations before, one query tells.
  ///
  /// @return whether anything was done
  /// @throws StartupException when the database cannot be reached or refuses, with what to do
  public boolean migrate() {
    String fingerprint = MigrationFiles.fingerprint();
    try (Connection connection = connect()) {
      if (knows(connection, fingerprint)) {
        return false;
      }
      LOG.info("Migrating {}", config);
      new RoleSetup(connection, config).run();
      new FlywayRun(config).migrate();
      remember(connection, fingerprint);
      return true;
    } catch (SQLException e) {
      throw new StartupException(
          "The database %s refuses: %s".formatted(config, e.getMessage()), e);
    }
  }

  /// Whether the database has been through these very migrations; false also if it cannot tell.
  public boolean isCurrent() {
    try (Connection connection = config.dataSource().getConnection()) {
      return knows(connection, MigrationFiles.fingerprint());
    } catch (SQLException e) {
      LOG.debug("no schema: {}", e.getMessage());
      return false;
    }
  }

  private Connection connect() throws SQLException {
    try {
      return config.dataSource().getConnection();
    } catch (SQLException e) {
      if (!NO_SUCH_DATABASE.equals(e.getSQLState())) {
        throw e;
      }
    }
    createDatabase();
    return config.dataSource().getConnection();
  }

  private void createDatabase() throws SQLException {
    LOG.info("Creating the database {}", config.database());
    try (Connection connection = config.withDatabase("postgres").dataSource().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "create database %s encoding 'UTF8' template template0"
              .formatted(statement.enquoteIdentifier(config.database(), true)));
    } catch (SQLException e) {
      if (!ALREADY_THERE.contains(e.getSQLState())) { // Another node was faster.
        throw new StartupException(
            "The database %s does not exist and %s may not create it: %s. Create it: CREATE DATABASE \"%s\" ENCODING 'UTF8' OWNER \"%s\";"
                .formatted(
                    config.database(),
                    config.user(),
                    e.getMessage(),
                    config.database(),
                    config.user()),
            e);
      }
    }
  }

  /// Any failure means that the way must be walked: no schema, no roles, or roles that were lost on
  /// the way to another server, because a dump does not hold them.
  private static boolean knows(Connection connection, String fingerprint) throws SQLException {
    try {
      become(connection, Roles.OWNER);
      return finds(connection, fingerprint);
    } catch (SQLException e) {
      LOG.debug("no schema yet: {}", e.getMessage());
      return false;
    }
  }

  private static boolean finds(Connection connection, String fingerprint) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            """
            select 1 from parley.schema_fingerprints
            where fingerprint = ? and (select count(*) from pg_roles where rolname = any (?)) = ?""")) {
      statement.setString(1, fingerprint);
      statement.setArray(2, connection.createArrayOf("text", Roles.ALL.toArray()));
      statement.setInt(3, Roles.ALL.size());
      try (ResultSet result = statement.executeQuery()) {
        return result.next();
      }
    }
  }

  private static void remember(Connection connection, String fingerprint) throws SQLException {
    become(connection, Roles.OWNER);
    try (PreparedStatement statement =
        connection.prepareStatement(
            "insert into parley.schema_fingerprints (fingerprint) values (?) on conflict do nothing")) {
      statement.setString(1, fingerprint);
      statement.execute();
    }
  }

  private static void become(Connection connection, String role) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("set role " + role);
    }
  }
}
