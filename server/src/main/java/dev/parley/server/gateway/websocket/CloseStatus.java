package dev.parley.server.gateway.websocket;

/// What RFC 6455 §7.4 says about close codes as numbers, as they come from a peer.
public final class CloseStatus {
  /// Never on the wire: the peer's Close carried no code.
  public static final int NONE = 1005;

  /// Never on the wire: the connection ended without a Close.
  public static final int ABNORMAL = 1006;

  private CloseStatus() {}

  /// Whether a peer may put this code into a Close frame.
  static boolean onWire(int code) {
    return switch (code) {
      case 1004, NONE, ABNORMAL -> false;
      default -> (code >= 1000 && code <= 1014) || (code >= 3000 && code <= 4999);
    };
  }
}
