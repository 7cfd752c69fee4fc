package dev.parley.server.adapter.redis;

import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.ClientOptions.DisconnectedBehavior;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.SocketOptions.KeepAliveOptions;
import io.lettuce.core.SocketOptions.TcpUserTimeoutOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.ClusterClientOptions;
import io.lettuce.core.cluster.ClusterTopologyRefreshOptions;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.metrics.CommandLatencyRecorder;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.Delay;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One node's way to Redis, a single one or a cluster. A Redis that is away keeps nobody from
/// starting: the link tries until it is there, and afterwards reconnects by itself. Thread-safe.
///
/// While a single Redis is away every command fails at once; those for a cluster wait for it, so
/// whoever asks waits for the answer only as long as they have time.
public final class RedisLink implements AutoCloseable {
  /// What every key and channel of ours begins with.
  static final String PREFIX = "parley:";

  private static final Logger LOG = LoggerFactory.getLogger(RedisLink.class);
  private static final RedisCodec<String, byte[]> CODEC =
      RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE);
  private static final Duration CONNECT = Duration.ofSeconds(3);

  /// A command without an answer has failed after this time.
  private static final Duration ANSWER = Duration.ofSeconds(3);

  /// TCP gives a connection up whose other end has not acknowledged for so long; by itself it would
  /// take a quarter of an hour.
  private static final Duration ACKNOWLEDGED = Duration.ofSeconds(5);

  private static final Duration RETRY = Duration.ofMillis(500);
  private static final int THREADS = 2;

  /// Commands that wait for their answers. Beyond: they fail at once.
  private static final int UNANSWERED = 4_096;

  private final RedisURI address;
  private final ClientResources resources;
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Thread keeper;

  /// Set once, and renewed.
  private volatile @Nullable Wire wire;

  private RedisLink(RedisURI address) {
    this.address = address;
    this.resources =
        ClientResources.builder()
            .ioThreadPoolSize(THREADS)
            .computationThreadPoolSize(THREADS)
            .commandLatencyRecorder(CommandLatencyRecorder.disabled())
            .reconnectDelay(
                Delay.equalJitter(
                    Duration.ofMillis(10), Duration.ofMillis(500), 2, TimeUnit.MILLISECONDS))
            .build();
    this.keeper = Thread.ofVirtual().name("redis-connect").unstarted(this::connect);
  }

  /// Begins to connect and returns at once.
  public static RedisLink open(RedisURI address) {
    address.setTimeout(CONNECT);
    var link = new RedisLink(address);
    link.keeper.start();
    return link;
  }

  /// What there is once Redis was reached for the first time.
  ///
  /// @param cluster whether it is a cluster, where channels are sharded
  /// @param commands never block; the answers come or not
  /// @param connection of the commands
  /// @param pubSub opens a connection for what is published; blocks for some seconds at most
  /// @param again the same with another connection for commands; blocks for some seconds at most
  record Wire(
      boolean cluster,
      RedisClusterAsyncCommands<String, byte[]> commands,
      StatefulConnection<String, byte[]> connection,
      Supplier<StatefulRedisPubSubConnection<String, byte[]>> pubSub,
      AbstractRedisClient client,
      Supplier<Wire> again) {}

  /// The connections; empty until Redis was reached for the first time.
  Optional<Wire> wire() {
    return Optional.ofNullable(wire);
  }

  /// Replaces the connection of the commands, which may be as good as cut although TCP does not say
  /// so; blocks for some seconds at most. If there is no other to be had the old one stays, which
  /// connects again by itself.
  ///
  /// Called by one thread.
  void renew() {
    var stale = wire;
    if (stale != null) {
      wire = stale.again().get();
      LOG.info("connected anew to Redis at {}, which answered nothing", where());
      var _ = stale.connection().closeAsync();
    }
  }

  /// The number of the database, which channels do not know of by themselves.
  int database() {
    return address.getDatabase();
  }

  /// Where Redis is, without its password.
  String where() {
    return address.getHost() + ":" + address.getPort();
  }

  private void connect() {
    var single = RedisClient.create(resources, address);
    single.setOptions(options(ClientOptions.builder()));
    try {
      while (wire == null && !closing.await(0, TimeUnit.MILLISECONDS)) {
        if (!attempt(single)) {
          boolean _ = closing.await(RETRY.toMillis(), TimeUnit.MILLISECONDS);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    var found = wire;
    if (found == null || found.cluster()) {
      shutDown(single);
    }
  }

  private boolean attempt(RedisClient single) {
    try {
      var connection = single.connect(CODEC);
      if (isCluster(connection.sync().info("cluster"))) {
        connection.close();
        wire = cluster();
      } else {
        wire = single(single, connection);
      }
      LOG.info("connected to Redis at {}", where());
      return true;
    } catch (RuntimeException e) {
      LOG.debug("Redis at {} is not there yet: {}", where(), e.toString());
      return false;
    }
  }

  private Wire cluster() {
    var client = RedisClusterClient.create(resources, address);
    try {
      var refresh =
          ClusterTopologyRefreshOptions.builder()
              .enablePeriodicRefresh(Duration.ofSeconds(30))
              .build();
      client.setOptions(options(ClusterClientOptions.builder().topologyRefreshOptions(refresh)));
      return cluster(client);
    } catch (RuntimeException e) {
      shutDown(client);
      throw e;
    }
  }

  private static Wire single(
      RedisClient client, StatefulRedisConnection<String, byte[]> connection) {
    return new Wire(
        false,
        connection.async(),
        connection,
        () -> client.connectPubSub(CODEC),
        client,
        () -> single(client, client.connect(CODEC)));
  }

  private static Wire cluster(RedisClusterClient client) {
    var connection = client.connect(CODEC);
    return new Wire(
        true,
        connection.async(),
        connection,
        () -> client.connectPubSub(CODEC),
        client,
        () -> cluster(client));
  }

  private static boolean isCluster(String info) {
    return info.contains("cluster_enabled:1");
  }

  private static ClientOptions options(ClientOptions.Builder builder) {
    return settings(builder).disconnectedBehavior(DisconnectedBehavior.REJECT_COMMANDS).build();
  }

  /// The connections to the nodes of a cluster are opened by the first commands, so these wait.
  private static ClusterClientOptions options(ClusterClientOptions.Builder builder) {
    settings(builder);
    return builder.build();
  }

  private static ClientOptions.Builder settings(ClientOptions.Builder builder) {
    return builder
        .requestQueueSize(UNANSWERED)
        .timeoutOptions(TimeoutOptions.enabled(ANSWER))
        .socketOptions(
            SocketOptions.builder()
                .connectTimeout(CONNECT)
                .keepAlive(
                    KeepAliveOptions.builder()
                        .enable()
                        .idle(ACKNOWLEDGED)
                        .interval(Duration.ofSeconds(2))
                        .count(2)
                        .build())
                .tcpUserTimeout(
                    TcpUserTimeoutOptions.builder().enable().tcpUserTimeout(ACKNOWLEDGED).build())
                .build());
  }

  @Override
  public void close() throws InterruptedException {
    closing.countDown();
    keeper.join();
    var found = wire;
    if (found != null) {
      shutDown(found.client());
    }
    resources.shutdown(0, 1, TimeUnit.SECONDS).await(2, TimeUnit.SECONDS);
  }

  private static void shutDown(AbstractRedisClient client) {
    client.shutdown(Duration.ZERO, Duration.ofSeconds(1));
  }
}
