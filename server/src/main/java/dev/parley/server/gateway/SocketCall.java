package dev.parley.server.gateway;

import dev.parley.server.domain.limit.ClientAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A client's wish to open a socket, before it is answered.
///
/// @param path the values of the template's parameters
/// @param query the first value of each query parameter
/// @param subprotocols what the client offers, in its order
/// @param authorization the Authorization header
/// @param client where it comes from, as far as trusted proxies tell it
/// @param upgrade whether it is a wish to open a socket at all, as RFC 6455 has it
public record SocketCall(
    Map<String, String> path,
    Map<String, String> query,
    List<String> subprotocols,
    Optional<String> authorization,
    ClientAddress client,
    boolean upgrade) {
  private static final String BEARER_PROTOCOL = "bearer.";

  /// The access token: from the Authorization header, `?token=`, the subprotocol `bearer.<jwt>`, or
  /// the two subprotocols `bearer, <jwt>`.
  public Optional<String> token() {
    return authorization
        .filter(value -> value.regionMatches(true, 0, "Bearer ", 0, 7))
        .map(value -> value.substring(7).strip())
        .or(() -> Optional.ofNullable(query.get("token")))
        .or(this::protocolToken);
  }

  private Optional<String> protocolToken() {
    int bearer = subprotocols.indexOf("bearer");
    if (bearer >= 0 && bearer + 1 < subprotocols.size()) {
      return Optional.of(subprotocols.get(bearer + 1));
    }
    return subprotocols.stream()
        .filter(name -> name.startsWith(BEARER_PROTOCOL))
        .map(name -> name.substring(BEARER_PROTOCOL.length()))
        .findFirst();
  }
}
