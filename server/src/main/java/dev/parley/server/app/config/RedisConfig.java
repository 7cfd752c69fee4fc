package dev.parley.server.app.config;

import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The Redis that connects several nodes.
///
/// @param database the number of the database, 0 to 65535
public record RedisConfig(
    boolean tls,
    String host,
    int port,
    Optional<String> user,
    Optional<Secret> password,
    int database) {
  private static final Pattern URL =
      Pattern.compile(
          "(?:(?<scheme>rediss?)://)?(?:(?<info>[^/]*)@)?(?<host>\\[[0-9A-Fa-f:.]+]|[^:/@\\[\\]\\s]*)(?::(?<port>\\d{1,5}))?(?:/(?<number>\\d{0,5}))?");
  private static final int STANDARD_PORT = 6379;

  public RedisConfig {
    if (host.isBlank() || port < 1 || port > 65535 || database < 0 || database > 65535) {
      throw new IllegalArgumentException(
          "a Redis needs a host, a port and the number of a database");
    }
  }

  /// Reads `redis://`, `rediss://` (TLS) or `host:port`. An empty host means localhost.
  ///
  /// @throws IllegalArgumentException when the text is none of these
  public static RedisConfig parse(String text) {
    var url = URL.matcher(text);
    if (!url.matches()) {
      throw new IllegalArgumentException("not the address of a Redis");
    }
    var info = Optional.ofNullable(url.group("info"));
    return new RedisConfig(
        "rediss".equals(url.group("scheme")),
        url.group("host").isEmpty() ? "localhost" : url.group("host"),
        number(url.group("port"), STANDARD_PORT),
        info.map(RedisConfig::userOf).filter(user -> !user.isEmpty()),
        info.flatMap(RedisConfig::passwordOf),
        number(url.group("number"), 0));
  }

  private static int number(@Nullable String digits, int standard) {
    return digits == null || digits.isEmpty() ? standard : Integer.parseInt(digits);
  }

  private static String userOf(String info) {
    int colon = info.indexOf(':');
    return Percent.decode(colon < 0 ? info : info.substring(0, colon));
  }

  private static Optional<Secret> passwordOf(String info) {
    int colon = info.indexOf(':');
    return colon < 0
        ? Optional.empty()
        : Optional.of(new Secret(Percent.decode(info.substring(colon + 1))));
  }
}
