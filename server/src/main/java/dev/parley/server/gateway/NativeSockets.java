package dev.parley.server.gateway;

import dev.parley.server.domain.access.Principal;
import dev.parley.server.gateway.SocketRoute.Accept;
import dev.parley.server.gateway.SocketRoute.Decision;
import dev.parley.server.gateway.SocketRoute.Refuse;
import dev.parley.server.gateway.websocket.SocketRules;
import java.util.Optional;

/// Opens native sockets: `/ws` with the subprotocol `parley.v1`.
public final class NativeSockets {
  /// The subprotocol that a native client offers.
  public static final String SUBPROTOCOL = "parley.v1";

  private final NativeServices services;
  private final SocketRules rules;

  public NativeSockets(NativeServices services, SocketRules rules) {
    this.services = services;
    this.rules = rules;
  }

  /// Decides about a socket at the path that native clients share with others.
  public Decision open(SocketCall call) {
    if (!call.subprotocols().contains(SUBPROTOCOL)) {
      return Refuse.text(400, "offer the WebSocket subprotocol " + SUBPROTOCOL);
    }
    return new Accept(
        principal(call), rules, connection -> new NativeSession(services, connection));
  }

  /// Whoever shows a ticket or a token; nobody yet if the first frame is to bring it.
  private Optional<Principal> principal(SocketCall call) {
    var ticket = Optional.ofNullable(call.query().get("ticket"));
    return ticket
        .<Principal>map(services.tickets()::redeem)
        .or(() -> call.token().map(services.authenticator()::authenticate));
  }
}
