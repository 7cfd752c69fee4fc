package dev.parley.server.domain.limit;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.HexFormat;

/// Where a request comes from, as far as limits care: an IPv4 address, or the /64 of an IPv6
/// address, because one subscriber owns all of it.
public record ClientAddress(String key) {
  private static final int SUBSCRIBER_BYTES = 8;

  /// The address of a peer.
  public static ClientAddress of(InetAddress address) {
    if (address instanceof Inet6Address) {
      var network = HexFormat.of().formatHex(address.getAddress(), 0, SUBSCRIBER_BYTES);
      return new ClientAddress(network + "/64");
    }
    return new ClientAddress(address.getHostAddress());
  }
}
