package dev.parley.server.adapter.postgres;

import dev.parley.server.base.StartupException;
import dev.parley.server.domain.intake.Source;
import dev.parley.server.domain.intake.SourceRow;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

/// Another program's PostgreSQL, in one transaction that only reads and sees one moment.
public final class PostgresSource implements Source {
  private static final int PAGE = 500;
  private static final int CONNECT_SECONDS = 10;
  private static final String TABLES =
      """
      select table_name, column_name from information_schema.columns
       where table_schema = any (current_schemas(false)) order by 1, 2
      """;

  /// The reader waits for the writer between two pages, and a large table takes its time to sort.
  /// Row security that hides rows is to be an error, not a hole.
  private static final String SETTINGS =
      """
      set statement_timeout = 0; set idle_in_transaction_session_timeout = 0;
      set timezone = 'UTC'; set row_security = off; set default_transaction_read_only = on
      """;

  private final String shown;
  private final Connection connection;

  private PostgresSource(String shown, Connection connection) {
    this.shown = shown;
    this.connection = connection;
  }

  /// Connects.
  ///
  /// @throws StartupException in one line, without the password
  public static PostgresSource open(DatabaseConfig config) {
    var source = config.dataSource();
    source.setConnectTimeout(CONNECT_SECONDS);
    source.setApplicationName("parley import");
    try {
      var connection = source.getConnection();
      try (var settings = connection.createStatement()) {
        settings.execute(SETTINGS);
        connection.setAutoCommit(false);
        connection.setReadOnly(true);
        connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        return new PostgresSource(config.toString(), connection);
      } catch (SQLException | RuntimeException e) {
        connection.close();
        throw e;
      }
    } catch (SQLException e) {
      throw failure(config.toString(), e);
    }
  }

  @Override
  public Map<String, Set<String>> tables() {
    var tables = new TreeMap<String, Set<String>>();
    read(
        TABLES,
        row ->
            tables
                .computeIfAbsent(row.textOrEmpty("table_name"), table -> new TreeSet<>())
                .add(row.textOrEmpty("column_name")));
    return tables;
  }

  @Override
  public void read(String statement, Consumer<SourceRow> row) {
    try (var prepared = prepare(statement)) {
      read(prepared, row);
    } catch (SQLException e) {
      throw failure(shown, e);
    }
  }

  @Override
  public void read(String statement, List<String> texts, Consumer<SourceRow> row) {
    try (var prepared = prepare(statement)) {
      prepared.setArray(1, connection.createArrayOf("text", texts.toArray()));
      read(prepared, row);
    } catch (SQLException e) {
      throw failure(shown, e);
    }
  }

  /// The statement is the constant of a dialect, as the port demands.
  private PreparedStatement prepare(String statement) throws SQLException {
    var prepared = connection.prepareStatement(statement);
    prepared.setFetchSize(PAGE);
    return prepared;
  }

  private static void read(PreparedStatement statement, Consumer<SourceRow> consumer)
      throws SQLException {
    try (var result = statement.executeQuery()) {
      var row = new ResultRow(result);
      while (result.next()) {
        consumer.accept(row);
      }
    }
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      throw failure(shown, e);
    }
  }

  private static StartupException failure(String shown, SQLException e) {
    return new StartupException(
        "The database to import from (%s) cannot be read: %s".formatted(shown, e.getMessage()), e);
  }

  /// The present row of a result.
  private record ResultRow(ResultSet result) implements SourceRow {
    @Override
    public Optional<String> text(String column) {
      return get(() -> Optional.ofNullable(result.getString(column)));
    }

    @Override
    public OptionalLong number(String column) {
      return get(
          () -> {
            long value = result.getLong(column);
            return result.wasNull() ? OptionalLong.empty() : OptionalLong.of(value);
          });
    }

    @Override
    public Optional<Instant> instant(String column) {
      return get(
          () ->
              Optional.ofNullable(result.getObject(column, OffsetDateTime.class))
                  .filter(at -> !at.equals(OffsetDateTime.MAX) && !at.equals(OffsetDateTime.MIN))
                  .map(OffsetDateTime::toInstant));
    }

    @Override
    public boolean flag(String column) {
      return get(() -> result.getBoolean(column));
    }

    private static <T> T get(Reading<T> reading) {
      try {
        return reading.read();
      } catch (SQLException e) {
        throw new StartupException("The database to import from broke off: " + e.getMessage(), e);
      }
    }
  }

  /// Something that reads a column.
  @FunctionalInterface
  private interface Reading<T> {
    T read() throws SQLException;
  }
}
