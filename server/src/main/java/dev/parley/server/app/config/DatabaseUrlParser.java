package dev.parley.server.app.config;

import static java.util.Map.entry;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Reads the two forms in which the world writes the address of a PostgreSQL: URL and
/// `keyword=value` (libpq's connection strings, PostgreSQL 18 manual, section 32.1.1).
final class DatabaseUrlParser {
  /// libpq's parameters that have a twin in the driver.
  private static final Map<String, String> TWINS =
      Map.ofEntries(
          entry("sslmode", "sslmode"),
          entry("sslnegotiation", "sslNegotiation"),
          entry("sslrootcert", "sslrootcert"),
          entry("sslcert", "sslcert"),
          entry("sslkey", "sslkey"),
          entry("channel_binding", "channelBinding"),
          entry("connect_timeout", "connectTimeout"),
          entry("application_name", "ApplicationName"),
          entry("target_session_attrs", "targetServerType"),
          entry("options", "options"),
          entry("applicationname", "ApplicationName"),
          entry("connecttimeout", "connectTimeout"));

  /// Parameters that other clients add and that change nothing here.
  private static final Set<String> IGNORED =
      Set.of(
          "timezone",
          "client_encoding",
          "fallback_application_name",
          "gssencmode",
          "krbsrvname",
          "keepalives",
          "keepalives_idle",
          "keepalives_interval",
          "keepalives_count",
          "pgbouncer",
          "pool_max_conns",
          "binary_parameters");

  private static final Set<String> SSL_MODES =
      Set.of("disable", "allow", "prefer", "require", "verify-ca", "verify-full");

  private static final Map<String, String> SERVER_TYPES =
      Map.of(
          "any",
          "any",
          "read-write",
          "primary",
          "primary",
          "primary",
          "standby",
          "secondary",
          "read-only",
          "secondary",
          "prefer-standby",
          "preferSecondary");

  private final Map<String, String> words = new LinkedHashMap<>();

  private DatabaseUrlParser() {}

  static DatabaseUrl parse(String text) {
    var parser = new DatabaseUrlParser();
    var url = text.startsWith("jdbc:") ? text.substring("jdbc:".length()) : text;
    if (url.startsWith("postgres://") || url.startsWith("postgresql://")) {
      parser.url(url.substring(url.indexOf("//") + 2));
    } else if (text.contains("=") && !text.contains("://")) {
      parser.keywords(text);
    } else {
      throw new IllegalArgumentException("neither a postgresql:// URL nor keyword=value pairs");
    }
    return parser.result();
  }

  private void url(String rest) {
    int query = rest.indexOf('?');
    if (query >= 0) {
      parameters(rest.substring(query + 1));
    }
    var path = query < 0 ? rest : rest.substring(0, query);
    int slash = path.indexOf('/');
    if (slash >= 0) {
      put("dbname", Percent.decode(path.substring(slash + 1)));
    }
    authority(slash < 0 ? path : path.substring(0, slash));
  }

  private void parameters(String query) {
    for (var pair : query.split("&", -1)) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        put(Percent.decode(pair.substring(0, equals)), Percent.decode(pair.substring(equals + 1)));
      } else if (!pair.isEmpty()) {
        throw new IllegalArgumentException("a parameter without a value");
      }
    }
  }

  private void authority(String authority) {
    int at = authority.lastIndexOf('@');
    if (at >= 0) {
      credentials(authority.substring(0, at));
    }
    var host = authority.substring(at + 1);
    int colon = host.endsWith("]") ? -1 : host.lastIndexOf(':');
    put("host", Percent.decode(colon < 0 ? host : host.substring(0, colon)));
    put("port", colon < 0 ? "" : host.substring(colon + 1));
  }

  private void credentials(String info) {
    int colon = info.indexOf(':');
    put("user", Percent.decode(colon < 0 ? info : info.substring(0, colon)));
    put("password", colon < 0 ? "" : Percent.decode(info.substring(colon + 1)));
  }

  /// The first place that names a word wins; an empty value is no value.
  private void put(String name, String value) {
    if (!value.isEmpty()) {
      words.putIfAbsent(name.toLowerCase(Locale.ROOT), value);
    }
  }

  private void keywords(String text) {
    int at = 0;
    while ((at = skipSpaces(text, at)) < text.length()) {
      int equals = text.indexOf('=', at);
      if (equals < 0 || !text.substring(at, equals).strip().matches("\\w+")) {
        throw new IllegalArgumentException(
            "a keyword without =, or a value with spaces that is not in single quotes");
      }
      var value = new StringBuilder();
      int end = value(text, skipSpaces(text, equals + 1), value);
      // libpq takes the last of a repeated keyword.
      words.put(text.substring(at, equals).strip().toLowerCase(Locale.ROOT), value.toString());
      at = end;
    }
    words.values().removeIf(String::isEmpty);
  }

  private static int skipSpaces(String text, int from) {
    int at = from;
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
    return at;
  }

  /// Appends one value, in single quotes or up to a space; a backslash keeps the next character as
  /// it is.
  private static int value(String text, int from, StringBuilder value) {
    boolean quoted = from < text.length() && text.charAt(from) == '\'';
    int at = quoted ? from + 1 : from;
    while (at < text.length()) {
      char c = text.charAt(at);
      if (quoted ? c == '\'' : Character.isWhitespace(c)) {
        return quoted ? at + 1 : at;
      }
      if (c == '\\' && at + 1 < text.length()) {
        c = text.charAt(++at);
      }
      value.append(c);
      at++;
    }
    if (quoted) {
      throw new IllegalArgumentException("a quoted value without its closing quote");
    }
    return at;
  }

  private DatabaseUrl result() {
    var user = take("user", "postgres");
    return new DatabaseUrl(
        host(take("host", "localhost")),
        port(take("port", Integer.toString(DatabaseUrl.STANDARD_PORT))),
        take("dbname", user),
        user,
        Optional.ofNullable(words.remove("password")).map(Secret::new),
        driverParameters());
  }

  private String take(String word, String standard) {
    var value = words.remove(word);
    return value == null ? standard : value;
  }

  private static String host(String name) {
    if (name.startsWith("/")) {
      throw new IllegalArgumentException(
          "sockets in the file system are not supported, use host=localhost");
    }
    if (!name.matches("[A-Za-z0-9._%-]+|\\[?[0-9A-Fa-f:.]+]?")) {
      throw new IllegalArgumentException(
          "the host is no name and no address; several hosts are not supported");
    }
    return name.contains(":") && !name.startsWith("[") ? "[" + name + "]" : name;
  }

  private static int port(String digits) {
    if (!digits.matches("\\d{1,5}")) {
      throw new IllegalArgumentException(
          "the port is no number (a : / ? # or @ inside a password must be percent-encoded)");
    }
    return Integer.parseInt(digits);
  }

  private Map<String, String> driverParameters() {
    var parameters = new LinkedHashMap<String, String>();
    words.forEach(
        (word, value) -> {
          var twin = TWINS.get(word);
          if (twin != null) {
            parameters.put(twin, driverValue(word, value));
          } else if (!IGNORED.contains(word)) {
            throw new IllegalArgumentException("unknown parameter " + word);
          }
        });
    return parameters;
  }

  private static String driverValue(String word, String value) {
    return switch (word) {
      case "sslmode" -> {
        if (!SSL_MODES.contains(value)) {
          throw new IllegalArgumentException(
              "sslmode is disable, allow, prefer, require, verify-ca or verify-full");
        }
        yield value;
      }
      case "target_session_attrs" ->
          Optional.ofNullable(SERVER_TYPES.get(value))
              .orElseThrow(() -> new IllegalArgumentException("unknown target_session_attrs"));
      default -> value;
    };
  }
}
