package dev.parley.server.testing;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/// A time in which nobody gets into the database.
public final class Outage implements AutoCloseable {
  private final String name;
  private final Connection connection;

  /// Begins.
  public Outage(TestDatabase database) throws SQLException {
    name = database.config().database();
    connection = TestDatabase.connect(database.superuser().withDatabase("postgres"));
    execute(
        "alter database " + name + " with allow_connections false",
        "select pg_terminate_backend(pid) from pg_stat_activity where datname = '" + name + "'");
  }

  @Override
  public void close() throws SQLException {
    execute("alter database " + name + " with allow_connections true");
    connection.close();
  }

  private void execute(String... statements) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (var sql : statements) {
        statement.execute(sql);
      }
    }
  }
}
