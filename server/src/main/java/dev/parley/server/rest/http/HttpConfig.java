package dev.parley.server.rest.http;

import java.time.Duration;
import java.util.List;
import java.util.Set;

/// How the front door behaves.
///
/// @param allowedOrigins origins whose pages may read answers; `*` allows any, but then without
///   credentials
/// @param trustedProxies addresses or networks whose X-Forwarded-For counts
/// @param running requests that are handled at the same time; beyond: `busy`
/// @param bodyTimeout how long a body may take to arrive; beyond: 408
public record HttpConfig(
    Set<String> allowedOrigins, List<String> trustedProxies, int running, Duration bodyTimeout) {
  /// Loopback development: no foreign origins, no proxies.
  public static final HttpConfig DEFAULT =
      new HttpConfig(Set.of(), List.of(), 512, Duration.ofSeconds(20));
}
