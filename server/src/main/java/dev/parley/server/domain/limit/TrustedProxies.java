package dev.parley.server.domain.limit;

import java.net.InetAddress;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Finds the client's address: the peer's own, or, behind trusted proxies, the nearest address in
/// X-Forwarded-For that is no trusted proxy. What an untrusted peer says counts for nothing.
public final class TrustedProxies {
  private static final int HOPS = 16;

  private final Predicate<InetAddress> trusted;

  /// @param trusted whether a peer is a proxy whose words count
  public TrustedProxies(Predicate<InetAddress> trusted) {
    this.trusted = trusted;
  }

  /// The client's address.
  ///
  /// @param peer the address at the other end of the socket
  /// @param forwardedFor the value of X-Forwarded-For
  public String of(String peer, @Nullable String forwardedFor) {
    if (forwardedFor == null || !isTrusted(literal(peer))) {
      return peer;
    }
    var hops = forwardedFor.split(",", -1);
    var nearest = peer;
    for (int i = hops.length - 1; i >= Math.max(0, hops.length - HOPS); i--) {
      var address = literal(hops[i].strip());
      if (address == null) {
        return nearest;
      }
      nearest = address.getHostAddress();
      if (!isTrusted(address)) {
        return nearest;
      }
    }
    return nearest;
  }

  /// An address as limits count it; what is no address (a socket file) counts by its name.
  public static ClientAddress limited(String text) {
    var address = literal(text);
    return address == null ? new ClientAddress(text) : ClientAddress.of(address);
  }

  /// Whether this is an address of the machine's own loopback.
  public static boolean isLoopback(String text) {
    var address = literal(text);
    return address != null && address.isLoopbackAddress();
  }

  /// Whether a peer is a proxy whose words count.
  public boolean trusts(String peer) {
    return isTrusted(literal(peer));
  }

  private boolean isTrusted(@Nullable InetAddress address) {
    return address != null && trusted.test(address);
  }

  /// The address of a literal; null for anything else, so that no name is ever looked up.
  private static @Nullable InetAddress literal(String text) {
    try {
      return InetAddress.ofLiteral(text);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
