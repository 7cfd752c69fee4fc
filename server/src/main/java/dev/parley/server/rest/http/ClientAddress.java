package dev.parley.server.rest.http;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Finds the client's address: the peer's own, or, behind trusted proxies, the nearest address in
/// X-Forwarded-For that is no trusted proxy. What an untrusted peer says counts for nothing.
public final class ClientAddress {
  private static final int HOPS = 16;

  private final List<Network> trusted;

  /// @param trusted the proxies as addresses or networks, such as `10.0.0.0/8`
  public ClientAddress(List<String> trusted) {
    this.trusted = trusted.stream().map(Network::parse).toList();
  }

  /// The client's address.
  ///
  /// @param peer the address at the other end of the socket
  /// @param forwardedFor the value of X-Forwarded-For
  public String of(String peer, @Nullable String forwardedFor) {
    if (forwardedFor == null || !isTrusted(peer)) {
      return peer;
    }
    var hops = forwardedFor.split(",", -1);
    var nearest = peer;
    for (int i = hops.length - 1; i >= Math.max(0, hops.length - HOPS); i--) {
      var hop = hops[i].strip();
      if (literal(hop) == null) {
        return nearest;
      }
      nearest = hop;
      if (!isTrusted(hop)) {
        return hop;
      }
    }
    return nearest;
  }

  private boolean isTrusted(String address) {
    var bytes = literal(address);
    return bytes != null && trusted.stream().anyMatch(network -> network.contains(bytes));
  }

  /// The bytes of a literal address; null for anything else, so that no name is ever looked up.
  private static byte @Nullable [] literal(String text) {
    boolean numeric = !text.isEmpty() && text.length() <= 45 && text.matches("[0-9a-fA-F:.]+");
    if (!numeric || !(text.contains(":") || text.matches("\\d+\\.\\d+\\.\\d+\\.\\d+"))) {
      return null;
    }
    try {
      return InetAddress.getByName(text).getAddress();
    } catch (UnknownHostException e) {
      return null;
    }
  }

  /// Addresses that share their first bits.
  @SuppressWarnings("ArrayRecordComponent") // Nobody compares or changes it.
  private record Network(byte[] address, int bits) {
    static Network parse(String text) {
      int slash = text.indexOf('/');
      var address = literal(slash < 0 ? text : text.substring(0, slash));
      if (address == null) {
        throw new IllegalArgumentException("not an address or network: " + text);
      }
      int width = address.length * 8;
      int bits = slash < 0 ? width : Integer.parseInt(text.substring(slash + 1));
      if (bits < 0 || bits > width) {
        throw new IllegalArgumentException("not an address or network: " + text);
      }
      return new Network(address, bits);
    }

    boolean contains(byte[] other) {
      if (other.length != address.length) {
        return false;
      }
      for (int bit = 0; bit < bits; bit++) {
        int mask = 0x80 >> (bit % 8);
        if ((other[bit / 8] & mask) != (address[bit / 8] & mask)) {
          return false;
        }
      }
      return true;
    }
  }
}
