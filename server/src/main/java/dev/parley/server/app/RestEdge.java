package dev.parley.server.app;

import dev.parley.server.adapter.postgres.Database;
import dev.parley.server.app.config.Config;
import dev.parley.server.base.HealthCheck;
import dev.parley.server.rest.Health;
import dev.parley.server.rest.HealthRoutes;
import dev.parley.server.rest.MetricsRoutes;
import dev.parley.server.rest.http.Api;
import dev.parley.server.rest.http.FrontDoor;
import dev.parley.server.rest.http.Guards;
import dev.parley.server.rest.http.HttpConfig;
import dev.parley.server.rest.http.Surroundings;
import dev.parley.server.rest.http.Throttle;
import io.vertx.core.Vertx;
import java.util.List;

/// Builds the HTTP side of a node.
final class RestEdge {
  private final Api api;
  private final Core core;
  private final Machine machine;

  RestEdge(Config config, Core core, Database database, Machine machine, Lifecycle lifecycle) {
    this.core = core;
    this.machine = machine;
    this.api = new Api(core.accessControl());
    var health = new Health(List.of(new DatabaseHealth(database)), machine.ticker());
    lifecycle.started("the health checks", health);
    new HealthRoutes(health).register(api);
    new MetricsRoutes(machine.telemetry()::scrape).register(api);
  }

  Api api() {
    return api;
  }

  /// Opens the door; no route can be added any more.
  FrontDoor open(Vertx vertx, Lifecycle lifecycle) {
    var door =
        new FrontDoor(
            vertx,
            HttpConfig.DEFAULT,
            api,
            new Guards(core.admission()::admit, Throttle.OPEN),
            new Surroundings(machine.ids(), machine.ticker(), machine.telemetry()));
    lifecycle.started("the front door", door);
    return door;
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
