package dev.parley.server.gateway;

/// How many sockets may be open.
///
/// @param all of this process; beyond: 503
/// @param perAddress of one client's address; beyond: 503
/// @param perUser of one account; beyond: close 1013
public record SocketCaps(int all, int perAddress, int perUser) {
  /// No bound but memory, for measuring.
  public static final SocketCaps NONE =
      new SocketCaps(Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE);

  public SocketCaps {
    if (all < 1 || perAddress < 1 || perUser < 1) {
      throw new IllegalArgumentException("a node without sockets");
    }
  }
}
