package dev.parley.server.app.config;

import java.util.Map;
import java.util.Optional;

/// The address of a PostgreSQL.
///
/// @param host a name, or an address; an IPv6 address stands in brackets
/// @param parameters in the spelling of the JDBC driver
public record DatabaseUrl(
    String host,
    int port,
    String database,
    String user,
    Optional<Secret> password,
    Map<String, String> parameters) {
  /// The port of a PostgreSQL that names none.
  public static final int STANDARD_PORT = 5432;

  public DatabaseUrl {
    parameters = Map.copyOf(parameters);
    if (host.isBlank() || port < 1 || port > 65535 || database.isBlank() || user.isBlank()) {
      throw new IllegalArgumentException("a database needs a host, a port, a name and a user");
    }
  }

  /// Reads the URL form, with or without `jdbc:` before it, or the keyword form of libpq.
  ///
  /// @throws IllegalArgumentException saying what is wrong, without any part of the password
  public static DatabaseUrl parse(String text) {
    return DatabaseUrlParser.parse(text);
  }

  /// Without the password: fit for people and logs.
  @Override
  public String toString() {
    var secret = password.isPresent() ? ":" + Secret.HIDDEN : "";
    return "postgresql://%s%s@%s:%d/%s".formatted(user, secret, host, port, database);
  }
}
