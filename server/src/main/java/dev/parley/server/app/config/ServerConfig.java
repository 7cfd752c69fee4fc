package dev.parley.server.app.config;

import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/// Where the server listens and whom it believes.
///
/// @param host the address that every port listens on
/// @param port the main port; 0 picks a free one
/// @param apiPort the second port, REST only; empty when it is off
/// @param apiPortChosen whether somebody asked for the second port; if not, a start without it is
///   fine
/// @param tls certificate and key; without them the ports speak plainly
/// @param trustedProxies peers whose forwarding headers are believed
/// @param allowedOrigins origins of web pages that may use the API; empty allows all
/// @param metricsToken what opens /metrics; without one, only this machine may read them
public record ServerConfig(
    String host,
    int port,
    OptionalInt apiPort,
    boolean apiPortChosen,
    Optional<Tls> tls,
    List<AddressRange> trustedProxies,
    Set<String> allowedOrigins,
    Optional<Secret> metricsToken) {

  /// Files in PEM.
  public record Tls(Path certificate, Path key) {}

  public ServerConfig {
    if (host.isBlank()) {
      throw new IllegalArgumentException("a server needs a host to listen on");
    }
    requirePort(port);
    apiPort.ifPresent(ServerConfig::requirePort);
    trustedProxies = List.copyOf(trustedProxies);
    allowedOrigins = Set.copyOf(allowedOrigins);
  }

  private static void requirePort(int port) {
    if (port < 0 || port > 65535) {
      throw new IllegalArgumentException("no port: " + port);
    }
  }

  /// The second port of a process that opens both; empty when it is off or the same as the main
  /// port.
  public OptionalInt secondPort() {
    return apiPort.isPresent() && (apiPort.getAsInt() == 0 || apiPort.getAsInt() != port)
        ? apiPort
        : OptionalInt.empty();
  }

  /// Whether `peer` is a proxy whose forwarding headers are believed.
  public boolean trusts(InetAddress peer) {
    return trustedProxies.stream().anyMatch(range -> range.contains(peer));
  }
}
