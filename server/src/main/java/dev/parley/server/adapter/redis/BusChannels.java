package dev.parley.server.adapter.redis;

import dev.parley.server.base.Ticker;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// The channels of the bus, all of which every node hears: one on a single Redis, and on a cluster
/// so many that its nodes share the work.
///
/// What a node publishes comes back to it, which is the only proof that the way is open: a
/// connection that says nothing may be as good as cut. Used by the bus' own thread, but for what
/// comes in.
final class BusChannels implements AutoCloseable {
  private static final int CLUSTER_CHANNELS = 16;
  private static final long SILENCE = Duration.ofSeconds(3).toNanos();
  private static final long GIVEN_UP = Duration.ofSeconds(5).toNanos();

  private final RedisLink link;
  private final Ticker ticker;
  private final Receiver receiver;
  private @Nullable StatefulRedisPubSubConnection<String, byte[]> connection;
  private long openedAt;
  private volatile @Nullable AtomicLongArray heardAt;

  /// Takes what comes on a channel; called by Redis' threads.
  @FunctionalInterface
  interface Receiver {
    void receive(int channel, byte[] message);
  }

  BusChannels(RedisLink link, Ticker ticker, Receiver receiver) {
    this.link = link;
    this.ticker = ticker;
    this.receiver = receiver;
  }

  /// The names of the channels.
  static String[] names(RedisLink link, boolean cluster) {
    // Channels are outside of the numbered databases, so their number is part of the name. The
    // braces make a cluster put each into a slot of its own.
    int count = cluster ? CLUSTER_CHANNELS : 1;
    return IntStream.range(0, count)
        .mapToObj(i -> RedisLink.PREFIX + "bus:" + link.database() + ":{" + i + "}")
        .toArray(String[]::new);
  }

  /// Subscribes if that was not done yet, or if nothing has come for long; blocks for seconds at
  /// most.
  void ensureOpen(RedisLink.Wire wire) {
    boolean lost = connection != null && !isHeard(GIVEN_UP) && ticker.nanos() - openedAt > GIVEN_UP;
    if (connection == null || lost) {
      close();
      try {
        open(wire);
      } catch (RuntimeException e) {
        close();
        throw e;
      }
    }
  }

  private void open(RedisLink.Wire wire) {
    openedAt = ticker.nanos();
    var opened = wire.pubSub().get();
    connection = opened;
    var names = names(link, wire.cluster());
    heardAt = new AtomicLongArray(filled(names.length, openedAt - GIVEN_UP));
    var all = List.of(names);
    opened.addListener(
        new RedisPubSubAdapter<>() {
          @Override
          public void message(String channel, byte[] message) {
            receiver.receive(all.indexOf(channel), message);
          }

          @Override
          public void smessage(String channel, byte[] message) {
            receiver.receive(all.indexOf(channel), message);
          }
        });
    if (wire.cluster()) {
      for (var name : names) {
        opened.sync().ssubscribe(name);
      }
    } else {
      opened.sync().subscribe(names);
    }
  }

  private static long[] filled(int length, long value) {
    var array = new long[length];
    Arrays.fill(array, value);
    return array;
  }

  /// Takes note that a message of our own came back.
  void heard(int channel) {
    var heard = heardAt;
    if (heard != null && channel >= 0 && channel < heard.length()) {
      heard.set(channel, ticker.nanos());
    }
  }

  /// Whether what we publish comes back on all channels.
  boolean isOpen() {
    return isHeard(SILENCE);
  }

  private boolean isHeard(long within) {
    var heard = heardAt;
    if (heard == null) {
      return false;
    }
    long now = ticker.nanos();
    return IntStream.range(0, heard.length()).allMatch(i -> now - heard.get(i) < within);
  }

  @Override
  public void close() {
    var open = connection;
    connection = null;
    heardAt = null;
    if (open != null) {
      var _ = open.closeAsync();
    }
  }
}
