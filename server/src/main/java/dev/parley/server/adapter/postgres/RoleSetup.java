package dev.parley.server.adapter.postgres;

import dev.parley.server.base.StartupException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;

/// Makes the three roles, makes the configured user a member of them, and lets the owner create the
/// schema: as far as that user may.
final class RoleSetup {
  private static final Set<String> ALREADY_THERE = Set.of("42710", "23505");
  private static final long LOCK = 0x5061_726c_6579L;
  private static final int VERSION_WITH_SET_OPTION = 160_000;

  private final Connection connection;
  private final DatabaseConfig config;

  RoleSetup(Connection connection, DatabaseConfig config) {
    this.connection = connection;
    this.config = config;
  }

  /// @throws StartupException when the user may not, with the commands for one who may
  void run() throws SQLException {
    execute("reset role");
    execute("select pg_advisory_lock(" + LOCK + ")");
    try {
      for (String role : Roles.ALL) {
        create(role);
        join(role);
      }
      openDatabase();
    } catch (SQLException e) {
      throw new StartupException(explain(e), e);
    } finally {
      execute("select pg_advisory_unlock(" + LOCK + ")");
    }
  }

  private void create(String role) throws SQLException {
    if (exists(role)) {
      return;
    }
    try {
      execute("create role " + role + " nologin");
    } catch (SQLException e) {
      if (!ALREADY_THERE.contains(
          e.getSQLState())) { // Made meanwhile, from another database of this server.
        throw e;
      }
    }
  }

  private void join(String role) throws SQLException {
    boolean knowsSet = serverVersion() >= VERSION_WITH_SET_OPTION;
    String right = knowsSet ? "SET" : "MEMBER";
    if (!holds("select 1 where pg_has_role(current_user, ?, '" + right + "')", role)) {
      execute(
          "grant " + role + " to current_user" + (knowsSet ? " with set true, inherit false" : ""));
    }
  }

  private void openDatabase() throws SQLException {
    if (!holds(
        "select 1 where has_database_privilege(?, current_database(), 'CREATE')", Roles.OWNER)) {
      execute("grant create on database " + quoted(config.database()) + " to " + Roles.OWNER);
    }
  }

  private String explain(SQLException failure) throws SQLException {
    return """
        The user %s may not prepare the database %s: %s. Let an administrator run this in that database:
        %s  GRANT parley_owner, parley_app, parley_log TO %s;
          GRANT CREATE ON DATABASE %s TO parley_owner;"""
        .formatted(
            config.user(),
            config.database(),
            reason(failure),
            missingRoles(),
            quoted(config.user()),
            quoted(config.database()));
  }

  /// What follows the first line repeats the commands, which the reader has below.
  private static String reason(SQLException failure) {
    return String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
  }

  /// Another database of this server may have brought them already.
  private String missingRoles() throws SQLException {
    var commands = new StringBuilder();
    for (String role : Roles.ALL) {
      if (!exists(role)) {
        commands.append("  CREATE ROLE ").append(role).append(" NOLOGIN;\n");
      }
    }
    return commands.toString();
  }

  private boolean exists(String role) throws SQLException {
    return holds("select 1 from pg_roles where rolname = ?", role);
  }

  private boolean holds(String query, String argument) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(query)) {
      statement.setString(1, argument);
      try (ResultSet result = statement.executeQuery()) {
        return result.next();
      }
    }
  }

  private int serverVersion() throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result =
            statement.executeQuery("select current_setting('server_version_num')::int")) {
      result.next();
      return result.getInt(1);
    }
  }

  private String quoted(String name) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      return statement.enquoteIdentifier(name, true);
    }
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
