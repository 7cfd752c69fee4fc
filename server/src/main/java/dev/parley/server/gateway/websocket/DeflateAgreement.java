package dev.parley.server.gateway.websocket;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/// What was agreed about permessage-deflate (RFC 7692 §7.1): no context takeover on either side,
/// always.
///
/// @param serverWindowBits 8 to 15: the client cannot look back further than 2 to this power bytes
///   into what we send. Our compressor has only one window, so a payload that is longer than a
///   smaller one goes out uncompressed
/// @param named whether the client asked for a server window, so that the answer must name it
public record DeflateAgreement(int serverWindowBits, boolean named) {
  private static final int MAX_WINDOW_BITS = 15;

  /// The first offer that we can serve. An offer with an unknown, repeated or illegal parameter is
  /// passed over, and so is a header that does not parse: the socket then works without
  /// compression.
  ///
  /// @param headers the values of all Sec-WebSocket-Extensions headers
  public static Optional<DeflateAgreement> negotiate(List<String> headers) {
    return ExtensionOffer.parse(headers).stream()
        .filter(offer -> offer.name().equals("permessage-deflate"))
        .map(DeflateAgreement::answer)
        .flatMap(Optional::stream)
        .findFirst();
  }

  /// The answer's Sec-WebSocket-Extensions header.
  public String header() {
    String answer = "permessage-deflate; server_no_context_takeover; client_no_context_takeover";
    return named ? answer + "; server_max_window_bits=" + serverWindowBits : answer;
  }

  /// Whether this client can inflate a frame that was made of so many bytes.
  public boolean fits(int payloadBytes) {
    return serverWindowBits == MAX_WINDOW_BITS || payloadBytes <= 1 << serverWindowBits;
  }

  private static Optional<DeflateAgreement> answer(ExtensionOffer offer) {
    var seen = new HashSet<String>();
    int serverWindowBits = MAX_WINDOW_BITS;
    for (var parameter : offer.parameters()) {
      if (!seen.add(parameter.name()) || !legal(parameter)) {
        return Optional.empty();
      }
      if (parameter.name().equals("server_max_window_bits")) {
        serverWindowBits = windowBits(parameter.value());
      }
    }
    return Optional.of(
        new DeflateAgreement(serverWindowBits, seen.contains("server_max_window_bits")));
  }

  private static boolean legal(ExtensionOffer.Parameter parameter) {
    String value = parameter.value();
    return switch (parameter.name()) {
      case "server_no_context_takeover", "client_no_context_takeover" -> value.isEmpty();
      case "server_max_window_bits" -> windowBits(value) > 0;
      // We can inflate any window, so there is nothing to answer.
      case "client_max_window_bits" -> value.isEmpty() || windowBits(value) > 0;
      default -> false;
    };
  }

  /// 0 if it is not a decimal from 8 to 15 without a leading zero.
  private static int windowBits(String value) {
    return value.matches("[89]|1[0-5]") ? Integer.parseInt(value) : 0;
  }
}
