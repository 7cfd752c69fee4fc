package dev.parley.server.app;

import dev.parley.server.app.config.Config;
import dev.parley.server.gateway.SocketRoutes;
import dev.parley.server.rest.HealthRoutes;
import dev.parley.server.rest.http.FrontDoor;
import io.vertx.core.Vertx;
import java.util.Optional;
import java.util.OptionalInt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Opens the ports of a role: `all` the main port and a second one for REST, `gateway` the main
/// port, `api` the REST port only, `worker` the main port for health alone.
final class Ports {
  private static final Logger LOG = LoggerFactory.getLogger(Ports.class);
  private static final int DEFAULT_API_PORT = 8081;
  private static final String MAIN_LISTENER = "main";

  private final Vertx vertx;
  private final Config config;
  private final FrontDoor door;
  private final SocketRoutes sockets;
  private final Lifecycle lifecycle;

  Ports(Vertx vertx, Config config, FrontDoor door, SocketRoutes sockets, Lifecycle lifecycle) {
    this.vertx = vertx;
    this.config = config;
    this.door = door;
    this.sockets = sockets;
    this.lifecycle = lifecycle;
  }

  /// The ports that are open.
  ///
  /// @param api the second one, for REST only
  record Open(int main, OptionalInt api) {}

  Open open() {
    return switch (config.node().role()) {
      case ALL -> new Open(main(Optional.of(sockets)), second());
      case GATEWAY -> new Open(main(Optional.of(sockets)), OptionalInt.empty());
      case WORKER -> new Open(main(Optional.empty()), OptionalInt.empty());
      case API -> {
        int port = rest(config.server().apiPort().orElse(DEFAULT_API_PORT));
        yield new Open(port, OptionalInt.of(port));
      }
    };
  }

  private int main(Optional<SocketRoutes> routes) {
    var server = config.server();
    var listener = Listener.open(vertx, server, server.port(), routes, door, MAIN_LISTENER);
    lifecycle.started("the main port", listener);
    return listener.port();
  }

  /// Nobody asked for the second port by default, so a start without it is fine.
  private OptionalInt second() {
    var wanted = config.server().secondPort();
    if (wanted.isEmpty()) {
      return OptionalInt.empty();
    }
    try {
      return OptionalInt.of(rest(wanted.getAsInt()));
    } catch (StartException e) {
      if (config.server().apiPortChosen()) {
        throw e;
      }
      LOG.warn("{}; the main port serves REST too, so the start goes on", e.getMessage());
      return OptionalInt.empty();
    }
  }

  private int rest(int port) {
    var listener =
        Listener.open(
            vertx, config.server(), port, Optional.empty(), door, HealthRoutes.API_LISTENER);
    lifecycle.started("the REST port", listener);
    return listener.port();
  }
}
