package dev.parley.server.adapter.postgres;

import com.google.errorprone.annotations.CompileTimeConstant;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.postgresql.PGStatement;

/// Runs the statements of one transaction on its connection, and refuses once it has ended.
public final class Statements {
  /// How long PostgreSQL keeps the plan of a statement.
  enum Plans {
    /// As long as the connection, once it was run some times.
    KEPT,
    /// Not beyond one run if an argument is a list: a plan that is kept knows neither how long the
    /// list is nor how far the tables have grown, and may then drive from the table to the list.
    ANEW_FOR_LISTS
  }

  private final Connection connection;
  private final Plans plans;
  private boolean ended;

  Statements(Connection connection, Plans plans) {
    this.connection = connection;
    this.plans = plans;
  }

  void end() {
    ended = true;
  }

  <T> List<T> query(
      @CompileTimeConstant final String sql, RowMapper<T> mapper, Object... arguments) {
    try (PreparedStatement statement = prepare(sql, arguments);
        ResultSet result = statement.executeQuery()) {
      return rows(result, mapper);
    } catch (SQLException e) {
      throw SqlFailures.translate(e);
    }
  }

  <T> Optional<T> queryOne(
      @CompileTimeConstant final String sql, RowMapper<T> mapper, Object... arguments) {
    List<T> rows = query(sql, mapper, arguments);
    if (rows.size() > 1) {
      throw new DatabaseException("one row was expected, but " + rows.size() + " came");
    }
    return rows.stream().findFirst();
  }

  int update(@CompileTimeConstant final String sql, Object... arguments) {
    try (PreparedStatement statement = prepare(sql, arguments)) {
      return statement.executeUpdate();
    } catch (SQLException e) {
      throw SqlFailures.translate(e);
    }
  }

  private PreparedStatement prepare(@CompileTimeConstant final String sql, Object... arguments)
      throws SQLException {
    if (ended) {
      throw new IllegalStateException("the transaction has ended");
    }
    PreparedStatement statement = connection.prepareStatement(sql);
    try {
      if (plans == Plans.ANEW_FOR_LISTS && Arguments.hasList(arguments)) {
        statement.unwrap(PGStatement.class).setPrepareThreshold(0);
      }
      new Arguments(connection, statement).bind(arguments);
      return statement;
    } catch (SQLException | RuntimeException e) {
      statement.close();
      throw e;
    }
  }

  private static <T> List<T> rows(ResultSet result, RowMapper<T> mapper) throws SQLException {
    var rows = new ArrayList<T>();
    var row = new Row(result);
    while (result.next()) {
      rows.add(mapper.map(row));
    }
    return rows;
  }
}
