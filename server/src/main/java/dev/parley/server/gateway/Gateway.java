package dev.parley.server.gateway;

import dev.parley.protocol.CloseCode;
import dev.parley.server.base.OrgId;
import dev.parley.server.base.OutageException;
import dev.parley.server.base.RoomId;
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

  private static final Duration RETRY = Duration.ofMillis(500);

  private final RoomLog log;
  private final AccessControl accessControl;
  private final Executor executor;
  private final DelayedExecutor delayed;
  private final ByteBufAllocator allocator = PooledByteBufAllocator.DEFAULT;
  private final Topics topics;
  private final TailWatch.Audience audience;
  private final Users users = new Users();
  private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
  private final ConcurrentHashMap<EventLoop, GatewayLoop> loops = new ConcurrentHashMap<>();
  private volatile boolean draining;
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
      DelayedExecutor delayed) {
    this.log = log;
    this.accessControl = accessControl;
    this.executor = executor;
    this.delayed = delayed;
    this.topics = new Topics(log, executor, allocator);
    this.audience = new Fanout(topics, users);
    bus.subscribe(audience);
  }

  /// Takes a socket that was just opened; event loop.
  public Connection open(
      WebSocket socket, Optional<Principal> principal, Function<Connection, Session> session) {
    var loop = loops.computeIfAbsent(socket.eventLoop(), GatewayLoop::new);
    var connection = new Connection(this, loop, socket, principal, session);
    connections.add(connection);
    return connection;
  }

  /// What is heard here.
  public TailWatch.Audience audience() {
    return audience;
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
    draining = true;
    connections.forEach(connection -> connection.drain(within.toMillis()));
  }

  /// Ends what is left.
  public void close() {
    connections.forEach(connection -> connection.close(CloseCode.RESTART, "the node stops"));
  }

  void forget(Connection connection) {
    connections.remove(connection);
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
