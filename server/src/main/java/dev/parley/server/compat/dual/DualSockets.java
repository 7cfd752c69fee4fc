package dev.parley.server.compat.dual;

import dev.parley.server.base.Refusal;
import dev.parley.server.compat.SeedDoor;
import dev.parley.server.gateway.SocketCall;
import dev.parley.server.gateway.SocketRoute;
import dev.parley.server.gateway.SocketRoute.Accept;
import dev.parley.server.gateway.SocketRoute.Decision;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Opens the fourth seed's sockets, for whoever shows a token.
public final class DualSockets {
  private final Dual dual;
  private final SeedDoor door;

  public DualSockets(Dual dual, SeedDoor door) {
    this.dual = dual;
    this.door = door;
  }

  /// The routes to be added.
  public List<SocketRoute> routes() {
    return List.of(
        route("/ws/chat", Hub.CHAT),
        route("/ws/group/chat", Hub.CHAT),
        route("/ws/notifications", Hub.NOTIFICATIONS));
  }

  private SocketRoute route(String path, Hub hub) {
    return new SocketRoute(
        path,
        SocketRoute.Policy.TOKEN,
        Set.of("bearer"),
        call -> door.decide(call, wish -> open(wish, hub)));
  }

  private Decision open(SocketCall call, Hub hub) {
    var token =
        call.token()
            .filter(text -> !text.isEmpty())
            .orElseThrow(() -> Refusal.unauthorized("Authentication token required."));
    var who = door.account(token, "Invalid or expired token.");
    var place = dual.enter(who, hub);
    var mailbox = dual.mailbox(who);
    return new Accept(
        Optional.of(who),
        door.rules(),
        connection -> {
          // Here, and not when the session opens: whoever has its 101 is there.
          dual.presence().enter(hub.circle(), who.userId());
          return new DualSession(dual, connection, place, mailbox, door.farewell(connection, who));
        });
  }
}
