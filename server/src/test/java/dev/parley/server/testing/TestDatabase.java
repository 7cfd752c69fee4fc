package dev.parley.server.testing;

import dev.parley.server.adapter.postgres.Database;
import dev.parley.server.adapter.postgres.DatabaseConfig;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

/// A database of its own for one test class, with the schema and nothing else in it.
///
/// @param database the application's way in
/// @param config how to reach it
/// @param superuser how to reach it with every right, past row-level security
public record TestDatabase(Database database, DatabaseConfig config, DatabaseConfig superuser) {
  /// A connection past row-level security, to arrange and to look.
  public Connection connect() throws SQLException {
    return connect(superuser);
  }

  public static Connection connect(DatabaseConfig config) throws SQLException {
    return DriverManager.getConnection(config.jdbcUrl(), config.user(), config.password());
  }

  /// Runs statements past row-level security.
  public void execute(String... statements) {
    execute(superuser, statements);
  }

  public static void execute(DatabaseConfig config, String... statements) {
    try (Connection connection = connect(config);
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /// The first column of the first row, as text.
  public static String ask(DatabaseConfig config, String sql) {
    try (Connection connection = connect(config);
        Statement statement = connection.createStatement();
        var result = statement.executeQuery(sql)) {
      result.next();
      return result.getString(1);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
