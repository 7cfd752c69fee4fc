package dev.parley.server.app;

import dev.parley.protocol.EventCodec;
import dev.parley.server.adapter.postgres.Database;
import dev.parley.server.app.config.Config;
import dev.parley.server.app.config.Role;
import dev.parley.server.app.config.Secret;
import dev.parley.server.app.config.ServerConfig;
import dev.parley.server.base.HealthCheck;
import dev.parley.server.domain.event.RoomEvent;
import dev.parley.server.domain.event.UserEvent;
import dev.parley.server.domain.identity.Username;
import dev.parley.server.domain.room.TailWatch;
import dev.parley.server.gateway.NativeDialect;
import dev.parley.server.rest.AuthRoutes;
import dev.parley.server.rest.BroadcastRoutes;
import dev.parley.server.rest.FeedRoutes;
import dev.parley.server.rest.FeedSources;
import dev.parley.server.rest.Feeds;
import dev.parley.server.rest.FileRoutes;
import dev.parley.server.rest.Health;
import dev.parley.server.rest.HealthRoutes;
import dev.parley.server.rest.MemberRoutes;
import dev.parley.server.rest.MessageRoutes;
import dev.parley.server.rest.MetricsRoutes;
import dev.parley.server.rest.NotificationRoutes;
import dev.parley.server.rest.OrgRoutes;
import dev.parley.server.rest.PageRoutes;
import dev.parley.server.rest.People;
import dev.parley.server.rest.PresenceRoutes;
import dev.parley.server.rest.RequestThrottle;
import dev.parley.server.rest.RoomRoutes;
import dev.parley.server.rest.SearchRoutes;
import dev.parley.server.rest.TaskRoutes;
import dev.parley.server.rest.http.Api;
import dev.parley.server.rest.http.FrontDoor;
import dev.parley.server.rest.http.Guards;
import dev.parley.server.rest.http.HttpConfig;
import dev.parley.server.rest.http.Surroundings;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// Builds the HTTP side of a node.
final class RestEdge {
  private static final String VERSION = "0.1.0";

  private final Api api;
  private final Core core;
  private final Machine machine;
  private final ServerConfig server;
  private final RequestThrottle throttle;
  private final Feeds feeds;
  private final Health health;

  RestEdge(
      Config config,
      Core core,
      Backends backends,
      Database database,
      Machine machine,
      Lifecycle lifecycle) {
    this.core = core;
    this.machine = machine;
    this.server = config.server();
    this.throttle = new RequestThrottle(backends.limiter());
    this.api = new Api(core.accessControl());
    this.health = new Health(checks(database, backends), machine.ticker());
    lifecycle.started("the health checks", health);
    new HealthRoutes(health).register(api);
    new MetricsRoutes(
            machine.telemetry()::scrape, config.server().metricsToken().map(Secret::reveal))
        .register(api);
    new PageRoutes(VERSION).register(api);
    this.feeds = new Feeds(machine.telemetry());
    backends.bus().subscribe(feeds);
    lifecycle.started("the event streams", feeds);
    if (config.node().role() != Role.WORKER) {
      registerNative(backends);
    }
  }

  private static List<HealthCheck> checks(Database database, Backends backends) {
    return Stream.concat(Stream.of(new DatabaseHealth(database)), backends.health().stream())
        .toList();
  }

  private void registerNative(Backends backends) {
    People people = name -> core.accounts().profile(new Username(name)).id();
    new AuthRoutes(core.accounts(), core.tokens(), core.devices(), core.tickets()).register(api);
    new OrgRoutes(core.organizations(), people).register(api);
    new RoomRoutes(core.rooms(), RestEdge::json).register(api);
    new MemberRoutes(core.members(), core.accessControl(), people).register(api);
    new PresenceRoutes(core.presence()).register(api);
    new SearchRoutes(core.search()).register(api);
    new FileRoutes(core.files()).register(api);
    new MessageRoutes(core.messages(), machine.ids()).register(api);
    new BroadcastRoutes(core.rooms(), core.messages(), core.accessControl(), machine.ids())
        .register(api);
    new TaskRoutes(core.tasks()).register(api);
    new NotificationRoutes(core.notifications(), RestEdge::json).register(api);
    new FeedRoutes(
            feeds,
            new FeedSources(
                core.accessControl(),
                core.rooms(),
                backends.userLog(),
                RestEdge::json,
                RestEdge::json,
                machine.clock()))
        .register(api);
  }

  /// Sockets and HTTP show an event in the same words.
  private static String json(RoomEvent event) {
    return new String(EventCodec.encode(NativeDialect.present(event)), StandardCharsets.UTF_8);
  }

  private static String json(UserEvent event) {
    return new String(EventCodec.encode(NativeDialect.present(event)), StandardCharsets.UTF_8);
  }

  /// What the event streams hear.
  TailWatch.Audience audience() {
    return feeds;
  }

  /// Says that nothing should be sent here any more.
  void stopping() {
    health.stopping();
  }

  Api api() {
    return api;
  }

  /// Opens the door; no route can be added any more.
  FrontDoor open(Vertx vertx, Lifecycle lifecycle) {
    var door =
        new FrontDoor(
            vertx,
            http(server),
            api,
            new Guards(core.admission()::admit, throttle),
            new Surroundings(machine.ids(), machine.ticker(), machine.telemetry()));
    lifecycle.started("the front door", door);
    return door;
  }

  private static HttpConfig http(ServerConfig server) {
    var origins = server.allowedOrigins();
    return HttpConfig.DEFAULT
        .withOrigins(origins.isEmpty() ? Set.of("*") : origins)
        .withTrustedProxy(server::trusts);
  }

  /// Asks the database whether it is there.
  private record DatabaseHealth(Database database) implements HealthCheck {
    @Override
    public String name() {
      return "database";
    }

    @Override
    public boolean vital() {
      return true;
    }

    @Override
    public Result check() {
      database.global(tx -> tx.query("select 1 as one", row -> row.integer("one")));
      return Result.healthy("answers");
    }
  }
}
