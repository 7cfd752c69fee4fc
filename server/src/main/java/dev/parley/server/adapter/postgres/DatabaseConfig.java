package dev.parley.server.adapter.postgres;

import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.StringJoiner;
import org.postgresql.ds.PGSimpleDataSource;

/// How to reach the database and how many connections to hold.
///
/// @param host name or address; no list
/// @param port 1 to 65535
/// @param database made at the first start if it is missing and the user may
/// @param user whom to connect as; see docs/adr/0004-database-roles.md for what this user must be
///   able to do
/// @param password empty for none
/// @param parameters further parameters of the driver, such as `sslmode`
/// @param appConnections size of the pool of the application
/// @param logConnections size of the pool of the log's writer lanes
public record DatabaseConfig(
    String host,
    int port,
    String database,
    String user,
    String password,
    Map<String, String> parameters,
    int appConnections,
    int logConnections) {
  /// PostgreSQL's own port.
  public static final int DEFAULT_PORT = 5432;

  private static final int APP_CONNECTIONS = 10;
  private static final int LOG_CONNECTIONS = 4;
  private static final int CONNECT_SECONDS = 2;

  public DatabaseConfig {
    Objects.requireNonNull(password);
    parameters = Map.copyOf(parameters);
    require(!host.isBlank(), "the database host is empty");
    require(port > 0 && port < 65_536, "the database port must be 1 to 65535");
    require(!database.isBlank(), "the database name is empty");
    require(!user.isBlank(), "the database user is empty");
    require(appConnections > 0 && logConnections > 0, "each database pool needs a connection");
  }

  /// A database with pools of the usual size.
  public static DatabaseConfig of(
      String host, int port, String database, String user, String password) {
    return new DatabaseConfig(
        host, port, database, user, password, Map.of(), APP_CONNECTIONS, LOG_CONNECTIONS);
  }

  /// The same server and user, another database.
  public DatabaseConfig withDatabase(String name) {
    return new DatabaseConfig(
        host, port, name, user, password, parameters, appConnections, logConnections);
  }

  /// The same database with pools of these sizes.
  public DatabaseConfig withConnections(int app, int log) {
    return new DatabaseConfig(host, port, database, user, password, parameters, app, log);
  }

  /// The address in the driver's form, without user and password.
  public String jdbcUrl() {
    return "jdbc:postgresql://" + host + ":" + port + "/" + database;
  }

  /// Everything but the password, fit for logs.
  @Override
  public String toString() {
    return user + "@" + host + ":" + port + "/" + database;
  }

  /// Plain connections, for the classes of this package that wrap them.
  PGSimpleDataSource dataSource() {
    var source = new PGSimpleDataSource();
    source.setServerNames(new String[] {host});
    source.setPortNumbers(new int[] {port});
    source.setDatabaseName(database);
    source.setUser(user);
    source.setPassword(password);
    source.setApplicationName("parley");
    source.setConnectTimeout(CONNECT_SECONDS);
    source.setTcpKeepAlive(true);
    parameters.forEach((name, value) -> set(source, name, value));
    return source;
  }

  /// Plain connections that start with these settings of the server. What a connection starts with
  /// is also what `RESET` goes back to.
  PGSimpleDataSource dataSource(Map<String, String> settings) {
    PGSimpleDataSource source = dataSource();
    var options = new StringJoiner(" ");
    Optional.ofNullable(source.getOptions()).ifPresent(options::add);
    settings.forEach((name, value) -> options.add("-c " + name + "=" + value));
    source.setOptions(options.toString());
    return source;
  }

  private static void set(PGSimpleDataSource source, String name, String value) {
    try {
      source.setProperty(name, value);
    } catch (java.sql.SQLException e) {
      throw new IllegalArgumentException("the database parameter " + name + " is not known", e);
    }
  }

  private static void require(boolean condition, String otherwise) {
    if (!condition) {
      throw new IllegalArgumentException(otherwise);
    }
  }
}
