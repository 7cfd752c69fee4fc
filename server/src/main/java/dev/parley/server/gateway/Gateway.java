package dev.parley.server.gateway;

import dev.parley.protocol.CloseCode;
import dev.parley.server.base.OrgId;
import dev.parley.server.base.OutageException;
import dev.parley.server.base.RoomId;
import dev.parley.server.base.Telemetry;
import dev.parley.server.domain.access.AccessControl;
import dev.parley.server.domain.access.Principal;
import dev.parley.server.domain.event.EventBus;
import dev.parley.server.domain.event.RoomEvent;
import dev.parley.server.domain.room.RoomLog;
import dev.parley.server.domain.room.TailWatch;
import dev.parley.server.gateway.websocket.WebSocket;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.function.Function;

/// Keeps this node's connections and what they share.
public final class Gateway {
  /// So many reads of the log for connections that catch up, at once; the others wait for their
  /// turn.
  private static final int READS = 6;

  private static final String STOPS = "the node stops";
  private static final Duration RETRY = Duration.ofMillis(500);

  private final RoomLog log;
  private final AccessControl accessControl;
  private final Executor executor;
  private final DelayedExecutor delayed;
  private final ByteBufAllocator allocator = PooledByteBufAllocator.DEFAULT;
  private final SocketCaps caps;
  private final Seats seats;
  private final GatewayMetrics metrics;
  private final Topics topics;
  private final TailWatch.Audience audience;
  private final Users users = new Users();
  private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
  private final ConcurrentHashMap<EventLoop, GatewayLoop> loops = new ConcurrentHashMap<>();
  private volatile Duration drainWithin = Duration.ZERO;
  private volatile boolean draining;
  private volatile boolean closing;
  private final Semaphore reads = new Semaphore(READS, true);

  /// Runs a task later, on the executor of the gateway.
  @FunctionalInterface
  public interface DelayedExecutor {
    void execute(Duration delay, Runnable task);
  }

  public Gateway(
      RoomLog log,
      AccessControl accessControl,
      EventBus bus,
      Executor executor,
      DelayedExecutor delayed,
      SocketCaps caps,
      Telemetry telemetry) {
    this.log = log;
    this.accessControl = accessControl;
    this.executor = executor;
    this.delayed = delayed;
    this.caps = caps;
    this.seats = new Seats(caps);
    this.metrics = new GatewayMetrics(telemetry);
    this.topics = new Topics(log, executor, delayed, allocator);
    this.audience = new Fanout(topics, users);
    bus.subscribe(audience);
  }

  /// Takes a socket that was just opened; event loop.
  ///
  /// @param address of the client, as far as trusted proxies tell it
  Connection open(
      WebSocket socket,
      String address,
      Optional<Principal> principal,
      Function<Connection, Session> session) {
    var loop = loops.computeIfAbsent(socket.eventLoop(), key -> new GatewayLoop(key, metrics));
    var seat = seats.take(address);
    var connection = new Connection(this, loop, socket, seat, principal, session);
    connections.add(connection);
    if (seats.isOver(seat)) {
      connection.refuseSeat();
    }
    greetLate(connection);
    return connection;
  }

  /// What is heard here.
  public TailWatch.Audience audience() {
    return audience;
  }

  /// A socket that was on its way when the node began to stop.
  private void greetLate(Connection connection) {
    if (closing) {
      connection.finish(CloseCode.RESTART, STOPS);
    } else if (draining) {
      connection.drain(drainWithin.toMillis());
    }
  }

  /// How many sockets are open.
  public int size() {
    return connections.size();
  }

  /// How many rooms are heard here.
  public int topicCount() {
    return topics.size();
  }

  /// Whether the node takes no more sockets, because it is about to stop.
  boolean isDraining() {
    return draining;
  }

  /// Tells all clients to go elsewhere within this time, each at a moment of its own choice.
  public void drain(Duration within) {
    drainWithin = within;
    draining = true;
    connections.forEach(connection -> connection.drain(within.toMillis()));
  }

  /// Ends what is left, each connection as soon as its messages that are being committed are
  /// answered.
  public void close() {
    closing = true;
    connections.forEach(connection -> connection.finish(CloseCode.RESTART, STOPS));
  }

  /// Ends at once what did not end by itself.
  public void closeNow() {
    connections.forEach(connection -> connection.close(CloseCode.RESTART, STOPS));
  }

  void forget(Connection connection, Seats.Row seat) {
    connections.remove(connection);
    seats.leave(seat);
  }

  /// Whether somebody from this address would not be let in.
  boolean isFull(String address) {
    return seats.isFull(address);
  }

  SocketCaps caps() {
    return caps;
  }

  /// Reads the log for a connection; blocks, also until it is this reader's turn.
  List<RoomEvent> read(OrgId org, RoomId room, long after, int limit) {
    try {
      reads.acquire();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new OutageException(OutageException.Kind.UNAVAILABLE, "the node stops", e);
    }
    try {
      return log.read(org, room, after, limit);
    } finally {
      reads.release();
    }
  }

  void executeLater(Runnable task) {
    delayed.execute(RETRY, task);
  }

  GatewayMetrics metrics() {
    return metrics;
  }

  AccessControl accessControl() {
    return accessControl;
  }

  Executor executor() {
    return executor;
  }

  ByteBufAllocator allocator() {
    return allocator;
  }

  Topics topics() {
    return topics;
  }

  Users users() {
    return users;
  }
}
