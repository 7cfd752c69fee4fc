package dev.parley.server.app.config;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/// Every key that an operator may set: the one table that `docs/configuration.md` repeats.
///
/// A key has one spelling in the environment, in `.env` and in the file; its aliases are asked in
/// order when it is not set. A value that is empty counts as not set.
public enum ConfigKey {
  PARLEY_PROFILE("dev", "dev or production", "How strict the start is"),
  PARLEY_ROLE("all", "all, api, gateway or worker", "Which part of the product this process runs"),
  PARLEY_DATA(
      "data beside ./parley", "a folder", "Where a single node keeps its database and secret"),
  PARLEY_CONFIG("parley.properties", "a readable file", "The configuration file"),

  HOST(
      "127.0.0.1 in dev, 0.0.0.0 in production",
      "a host name or address of this machine",
      "The address that both ports listen on"),
  PORT(
      "8080",
      "a port, 0 to 65535 (0 picks a free one)",
      "The main port: REST, sockets and the web app",
      "SERVER_PORT",
      "WS_PORT",
      "APP_PORT"),
  API_PORT(
      "8081",
      "a port, 0 to 65535 (0 picks a free one), or off",
      "The second port: REST only. Left out when it equals the main port"),
  TLS_CERT("none", "a readable PEM file", "Certificate chain; with TLS_KEY both ports speak TLS"),
  TLS_KEY("none", "a readable PEM file", "Private key of TLS_CERT, PKCS #8 and not encrypted"),
  TRUSTED_PROXIES(
      "none",
      "addresses or ranges such as 10.0.0.0/8, separated by commas",
      "Peers whose X-Forwarded-For and X-Forwarded-Proto are believed"),
  ALLOWED_ORIGINS(
      "*",
      "* or origins such as https://chat.example, separated by commas",
      "Origins of web pages that may use the API"),
  METRICS_TOKEN(
      Kind.SECRET,
      "none: only this machine may read them",
      "any text",
      "The bearer token that opens /metrics"),

  DATABASE_URL(
      Kind.ADDRESS,
      "an own PostgreSQL in the data folder",
      "postgresql://user:password@host:port/name?sslmode=… or user=… password=… dbname=… host=…",
      "The PostgreSQL to use, version 15 or newer",
      "POSTGRES_DSN",
      "DB_URL"),
  PG_HOST(
      "localhost", "a host name or address", "Host of the PostgreSQL, when no DATABASE_URL is set"),
  PG_PORT("5432", "a port, 1 to 65535", "Port of that PostgreSQL"),
  PG_DB(
      "realtime_workspace", "a database name", "Database there; PG_HOST or PG_DB alone selects it"),
  PG_USER("postgres", "a role name", "Role there"),
  PG_PASSWORD(Kind.SECRET, "none", "any text", "Password of that role"),
  DB_POOL_SIZE(
      "10",
      "a whole number, 5 to 500; to our own PostgreSQL at most 50",
      "Connections of one process to PostgreSQL, three of them for the message log"),
  REDIS_URL(
      Kind.ADDRESS,
      "none: one node, the bus in the process",
      "redis://user:password@host:port/number, rediss://… or host:port",
      "The Redis that connects several nodes",
      "REDIS_ADDR"),

  JWT_SECRET(
      Kind.SECRET,
      "in dev: made once and kept in the data folder",
      "any text; in production at least 32 bytes and not an example out of a README",
      "Signs access tokens (HS256); the same on all nodes"),
  JWT_PUBLIC_KEY(
      "none",
      "RSA (2048 bits or more) or Ed25519 public keys in PEM, \\n for line ends, or a file that holds them",
      "Also accept tokens that another service signs (RS256, EdDSA)",
      "JWT_RSA_PUBLIC_KEY"),
  JWT_ISSUER(
      "any in dev, needed in production",
      "any text",
      "The `iss` that tokens under JWT_PUBLIC_KEY must carry"),
  JWT_AUDIENCE(
      "none, or parley if they name one",
      "any text",
      "The `aud` that tokens under JWT_PUBLIC_KEY must name"),
  ACCESS_TOKEN_TTL("15m", "a time from 5s to 7d", "How long an access token is good"),
  REFRESH_TOKEN_TTL("30d", "a time from 1m to 365d", "How long a refresh token is good"),

  COMPAT_OPEN(
      "on in dev, off in production",
      "on or off",
      "The open realm: sockets and routes of the older dialects without a token"),
  COMPAT_AUTO_CREATE(
      "off", "on or off", "Joining an unknown open organization or group creates it"),

  MAX_MESSAGE_BYTES(
      "64KiB", "a size from 1KiB to 16MiB", "The largest message on a socket; beyond: close 1009"),
  MAX_FRAGMENTS(
      "1024", "a whole number, 1 to 65536", "Fragments of one message; beyond: close 1008"),
  MAX_SOCKETS(
      "250000", "a whole number, 1 to 10000000", "Open sockets of this process; beyond: 503"),
  MAX_SOCKETS_PER_ADDRESS(
      "50000", "a whole number, 1 to 10000000", "Open sockets of one address; beyond: 503"),
  MAX_SOCKETS_PER_USER(
      "1000", "a whole number, 1 to 10000000", "Open sockets of one account; beyond: close 1013"),
  PING_INTERVAL(
      "25s", "a time from 1s to 10m", "How often a silent socket is asked whether it lives"),
  AUTH_TIMEOUT("5s", "a time from 100ms to 1m", "How long a new socket may take to say who it is"),
  RATE_MESSAGES(
      "5000/s:50000",
      "a rate such as 50/s:100, or off",
      "Messages of one user; the number after : is the burst"),
  RATE_REQUESTS(
      "2000/s:20000",
      "a rate such as 50/s:100, or off",
      "REST requests of one user, or of one address without a user"),
  RATE_LOGINS(
      "20/s:1000", "a rate such as 10/m:10, or off", "Sign-ups and logins from one address"),
  RATE_CONNECTS("1000/s:20000", "a rate such as 50/s:100, or off", "New sockets from one address"),

  MAX_FILE_BYTES("25MiB", "a size from 1KiB to 1GiB", "The largest file; beyond: 413"),
  FILE_QUOTA(
      "10GiB",
      "a size such as 500MiB, or off",
      "All files of one organization; beyond: 403 with the code quota"),

  CONFORMANCE_ECHO(
      "off",
      "on or off; in production only off",
      "An echo socket with raised limits for conformance suites"),
  CONFORMANCE_BENCH(
      "off",
      "on or off; in production only off",
      "A broadcast socket without storage for measuring"),

  LOG_FORMAT("pretty on a terminal, else json", "json or pretty", "How a log line looks"),
  LOG_LEVEL("info", "error, warn, info, debug or trace", "Which log lines are written");

  /// How a value may be shown.
  private enum Kind {
    /// As it is.
    PLAIN,
    /// Without the password that it holds, and never when it cannot be read.
    ADDRESS,
    /// Not at all.
    SECRET
  }

  private static final String PREFIX = "PARLEY_";

  private final Kind kind;
  private final String standard;
  private final String allowed;
  private final String purpose;

  @SuppressWarnings("ImmutableEnumChecker") // List.of cannot be changed.
  private final List<String> aliases;

  ConfigKey(Kind kind, String standard, String allowed, String purpose, String... aliases) {
    this.kind = kind;
    this.standard = standard;
    this.allowed = allowed;
    this.purpose = purpose;
    this.aliases = List.of(aliases);
  }

  ConfigKey(String standard, String allowed, String purpose, String... aliases) {
    this(Kind.PLAIN, standard, allowed, purpose, aliases);
  }

  /// The key that `name` spells, as its own name or as an alias.
  static Optional<ConfigKey> named(String name) {
    return Arrays.stream(values()).filter(key -> key.names().anyMatch(name::equals)).findFirst();
  }

  /// All spellings, in the order in which they are asked.
  public Stream<String> names() {
    return Stream.concat(Stream.of(name()), aliases.stream());
  }

  /// The other spellings, in order.
  public List<String> aliases() {
    return aliases;
  }

  /// What holds when nobody sets the key, in words.
  public String standard() {
    return standard;
  }

  /// What may be set, in words.
  public String allowed() {
    return allowed;
  }

  /// What the key is for.
  public String purpose() {
    return purpose;
  }

  /// The flag of the command line. Secrets have none: every user of a machine can read the
  /// arguments of a process.
  public Optional<String> flag() {
    if (kind == Kind.SECRET) {
      return Optional.empty();
    }
    var bare = name().startsWith(PREFIX) ? name().substring(PREFIX.length()) : name();
    return Optional.of("--" + bare.toLowerCase(Locale.ROOT).replace('_', '-'));
  }

  /// `value` as it may be printed.
  String shown(String value) {
    return switch (kind) {
      case PLAIN -> value;
      case ADDRESS -> Passwords.hidden(value);
      case SECRET -> Secret.HIDDEN;
    };
  }
}
