package dev.parley.server.gateway;

import dev.parley.server.gateway.SocketRoute.AcceptRaw;
import dev.parley.server.gateway.websocket.EchoListener;
import java.util.Set;

/// Opens the sockets of `/conformance/echo`, which send every message back.
public final class EchoSockets {
  private EchoSockets() {}

  /// The route to be added.
  public static SocketRoute route() {
    return new SocketRoute(
        "/conformance/echo",
        SocketRoute.Policy.CONFORMANCE,
        Set.of(),
        call -> new AcceptRaw(EchoListener.RULES, EchoListener::new));
  }
}
