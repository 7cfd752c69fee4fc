package dev.parley.server.rest.http;

import java.net.InetAddress;
import java.time.Duration;
import java.util.Set;
import java.util.function.Predicate;

/// How the front door behaves.
///
/// @param allowedOrigins origins whose pages may read answers; `*` allows any, but then without
///   credentials
/// @param trustedProxy whether the X-Forwarded-For of a peer counts
/// @param running requests that are handled at the same time; beyond: `busy`
/// @param bodyTimeout how long a body may take to arrive; beyond: 408
public record HttpConfig(
    Set<String> allowedOrigins,
    Predicate<InetAddress> trustedProxy,
    int running,
    Duration bodyTimeout) {
  /// Loopback development: no foreign origins, no proxies.
  public static final HttpConfig DEFAULT =
      new HttpConfig(Set.of(), peer -> false, 512, Duration.ofSeconds(20));

  /// The same with other origins.
  public HttpConfig withOrigins(Set<String> origins) {
    return new HttpConfig(origins, trustedProxy, running, bodyTimeout);
  }

  /// The same with other trusted proxies.
  public HttpConfig withTrustedProxy(Predicate<InetAddress> trusted) {
    return new HttpConfig(allowedOrigins, trusted, running, bodyTimeout);
  }
}
