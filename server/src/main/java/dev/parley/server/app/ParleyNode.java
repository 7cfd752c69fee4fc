package dev.parley.server.app;

import dev.parley.server.adapter.postgres.Database;
import dev.parley.server.app.config.Config;
import dev.parley.server.app.config.Role;
import dev.parley.server.domain.room.TailWatch;
import dev.parley.server.gateway.Gateway;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

/// One running node: everything that its role needs, from the database to the open ports.
public final class ParleyNode implements AutoCloseable {
  private static final Duration DRAIN = Duration.ofSeconds(5);

  /// How long messages that are being committed may take to be answered.
  private static final Duration ANSWERS = Duration.ofSeconds(6);

  private static final Duration GOODBYE = Duration.ofSeconds(2);
  private static final Duration DRAIN_STEP = Duration.ofMillis(50);

  private final Lifecycle lifecycle;
  private final CountDownLatch lost;
  private final RestEdge rest;
  private final GatewayEdge gateway;
  private final Ports.Open ports;

  private ParleyNode(
      Lifecycle lifecycle,
      CountDownLatch lost,
      RestEdge rest,
      GatewayEdge gateway,
      Ports.Open ports) {
    this.lifecycle = lifecycle;
    this.lost = lost;
    this.rest = rest;
    this.gateway = gateway;
    this.ports = ports;
  }

  /// Starts a node and returns when its ports are open.
  ///
  /// @param progress hears of steps that take long, in words for people
  /// @throws RuntimeException with what to do, after everything that was started is stopped again
  public static ParleyNode start(Config config, Consumer<String> progress) {
    var lifecycle = new Lifecycle();
    try {
      return start(config, progress, lifecycle);
    } catch (RuntimeException e) {
      lifecycle.close();
      throw e;
    }
  }

  private static ParleyNode start(Config config, Consumer<String> progress, Lifecycle lifecycle) {
    var machine = Machine.ofProcess();
    lifecycle.started("the threads", machine::close);
    var lost = new CountDownLatch(1);
    var start = new DatabaseStart(machine, lifecycle, progress, lost::countDown);
    var where = start.prepare(config.database());
    var database = Database.open(where, machine.random(), machine.telemetry(), machine.ticker());
    lifecycle.started("the connections to the database", database);
    var vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
    lifecycle.started("the event loops", () -> vertx.close().await());
    var backends = Backends.of(database, config, machine, lifecycle);
    var core = Core.of(backends, machine, config, lifecycle);
    FileSweeping.start(backends, machine);
    SearchFollowing.start(core.indexing(), machine);
    var rest = new RestEdge(config, core, backends, database, machine, lifecycle);
    var gateway = GatewayEdge.of(config, core, backends, machine);
    ConformanceEdge.register(config.conformance(), gateway, machine, lifecycle);
    new CompatEdge(config, core, backends, machine).register(rest, gateway);
    if (config.node().role() == Role.ALL || config.node().role() == Role.WORKER) {
      lifecycle.started("the reminders", backends.reminders().watch(core.reminders()));
    }
    var watch =
        new TailWatch(
            backends.heads(),
            List.of(gateway.gateway().audience(), rest.audience()),
            backends.busIsOpen(),
            machine::later);
    watch.start();
    lifecycle.started("the watch over the logs' tails", watch);
    var door = rest.open(vertx, lifecycle);
    var ports = new Ports(vertx, config, door, gateway.routes(), lifecycle).open();
    return new ParleyNode(lifecycle, lost, rest, gateway, ports);
  }

  /// The main port.
  public int port() {
    return ports.main();
  }

  /// The second port, for REST only.
  public OptionalInt apiPort() {
    return ports.api();
  }

  /// Returns when the node cannot go on, because its own database is lost; else never.
  public void await() throws InterruptedException {
    lost.await();
  }

  /// Sends the clients away, commits and answers what is under way, and stops. Takes at most half a
  /// minute.
  @Override
  public void close() {
    rest.stopping();
    drain();
    lifecycle.close();
  }

  private void drain() {
    var sockets = gateway.gateway();
    sockets.drain(DRAIN);
    try {
      awaitEmpty(sockets, DRAIN);
      sockets.close();
      awaitEmpty(sockets, ANSWERS);
      sockets.closeNow();
      awaitEmpty(sockets, GOODBYE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void awaitEmpty(Gateway sockets, Duration time) throws InterruptedException {
    long end = System.nanoTime() + time.toNanos();
    while (sockets.size() > 0 && System.nanoTime() < end) {
      Thread.sleep(DRAIN_STEP);
    }
  }
}
