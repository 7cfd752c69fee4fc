package dev.parley.server.app.config;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// The address of a PostgreSQL.
///
/// @param hosts at least one; several are tried in order
/// @param parameters in the spelling of the JDBC driver
public record DatabaseUrl(
    List<Host> hosts,
    String database,
    String user,
    Optional<Secret> password,
    Map<String, String> parameters) {
  /// The port of a PostgreSQL that names none.
  public static final int STANDARD_PORT = 5432;

  /// One server; an IPv6 address stands in brackets.
  public record Host(String name, int port) {
    public Host {
      if (name.isBlank() || port < 1 || port > 65535) {
        throw new IllegalArgumentException("no host and port: " + name + ":" + port);
      }
    }

    @Override
    public String toString() {
      return name + ":" + port;
    }
  }

  public DatabaseUrl {
    hosts = List.copyOf(hosts);
    parameters = Map.copyOf(parameters);
    if (hosts.isEmpty() || database.isBlank() || user.isBlank()) {
      throw new IllegalArgumentException("a database needs a host, a name and a user");
    }
  }

  /// Reads the URL form, with or without `jdbc:` before it, or the keyword form of libpq.
  ///
  /// @throws IllegalArgumentException saying what is wrong, without any part of the password
  public static DatabaseUrl parse(String text) {
    return DatabaseUrlParser.parse(text);
  }

  /// For the JDBC driver; user and password are not in it.
  public String jdbcUrl() {
    var query =
        parameters.entrySet().stream()
            .sorted(Map.Entry.comparingByKey())
            .map(e -> e.getKey() + "=" + Percent.encode(e.getValue()))
            .collect(Collectors.joining("&"));
    return "jdbc:postgresql://%s/%s%s"
        .formatted(authority(), Percent.encode(database), query.isEmpty() ? "" : "?" + query);
  }

  /// Without the password: fit for people and logs.
  @Override
  public String toString() {
    return "postgresql://%s%s@%s/%s"
        .formatted(user, password.isPresent() ? ":" + Secret.HIDDEN : "", authority(), database);
  }

  private String authority() {
    return hosts.stream().map(Host::toString).collect(Collectors.joining(","));
  }
}
