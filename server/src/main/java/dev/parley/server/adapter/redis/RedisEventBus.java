package dev.parley.server.adapter.redis;

import dev.parley.server.base.HealthCheck;
import dev.parley.server.base.Metric;
import dev.parley.server.base.RoomId;
import dev.parley.server.base.Telemetry;
import dev.parley.server.base.Ticker;
import dev.parley.server.domain.event.EphemeralEvent;
import dev.parley.server.domain.event.EventBus;
import dev.parley.server.domain.event.RoomEvent;
import dev.parley.server.domain.event.UserEvent;
import io.lettuce.core.RedisFuture;
import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The bus of several nodes. This node's own listeners are called on the publisher's thread, as
/// without Redis; the other nodes hear through Redis, and what comes back of our own is not
/// delivered again.
///
/// One thread publishes whatever waits, in as few messages as it fits, and waits for the answer
/// before the next: so there is no timer, and the busier the node the larger the messages. What
/// finds the queue full or Redis away is dropped and counted; the other nodes read it from the log
/// (docs/adr/0008-the-bus.md).
public final class RedisEventBus implements EventBus, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RedisEventBus.class);
  private static final Duration PATIENCE = Duration.ofSeconds(1);
  private static final Duration IDLE = Duration.ofMillis(200);

  /// A connection that has answered nothing for so long is given up.
  private static final long GIVEN_UP = Duration.ofSeconds(5).toNanos();

  private static final long BEAT = Duration.ofSeconds(1).toNanos();

  private final RedisLink link;
  private final Ticker ticker;
  private final BusQueue queue = new BusQueue();
  private final BusMessages messages;
  private final BusChannels channels;
  private final List<Listener> listeners = new CopyOnWriteArrayList<>();
  private final Counters counters;
  private final Thread thread;
  private List<RedisFuture<Long>> unanswered = List.of();
  private long beatAt;

  /// Since when nothing of what was asked is answered; empty while Redis answers.
  private OptionalLong silentSince = OptionalLong.empty();

  private volatile boolean closed;

  private RedisEventBus(RedisLink link, UUID node, Ticker ticker, Telemetry telemetry) {
    this.link = link;
    this.ticker = ticker;
    this.messages = new BusMessages(node);
    this.channels = new BusChannels(link, ticker, this::receive);
    this.counters = Counters.of(telemetry);
    this.beatAt = ticker.nanos() - BEAT;
    telemetry.gauge(Metric.BUS_WAITING, queue::size);
    telemetry.gauge(Metric.BUS_UP, () -> channels.isOpen() ? 1 : 0);
    this.thread = Thread.ofVirtual().name("bus").unstarted(this::run);
  }

  /// Opens the bus; it works within this node at once, and between nodes as soon as Redis is there.
  ///
  /// @param node a new id for each start of each node
  public static RedisEventBus open(RedisLink link, UUID node, Ticker ticker, Telemetry telemetry) {
    var bus = new RedisEventBus(link, node, ticker, telemetry);
    bus.thread.start();
    return bus;
  }

  private record Counters(
      Telemetry.Counter sent,
      Telemetry.Counter messages,
      Telemetry.Counter full,
      Telemetry.Counter away,
      Telemetry.Counter large,
      Telemetry.Counter received,
      Telemetry.Counter unreadable,
      Telemetry.Timer seconds) {
    static Counters of(Telemetry telemetry) {
      return new Counters(
          telemetry.counter(Metric.BUS_SENT),
          telemetry.counter(Metric.BUS_MESSAGES),
          telemetry.counter(Metric.BUS_DROPPED, "full"),
          telemetry.counter(Metric.BUS_DROPPED, "away"),
          telemetry.counter(Metric.BUS_DROPPED, "large"),
          telemetry.counter(Metric.BUS_RECEIVED),
          telemetry.counter(Metric.BUS_UNREADABLE),
          telemetry.timer(Metric.BUS_SECONDS));
    }
  }

  /// Whether what this node publishes comes back to it.
  public boolean isOpen() {
    return channels.isOpen();
  }

  /// Tells the operator how it is. The server goes on without Redis, only slower between nodes.
  public HealthCheck health() {
    return new Health();
  }

  private final class Health implements HealthCheck {
    @Override
    public String name() {
      return "redis";
    }

    @Override
    public boolean vital() {
      return false;
    }

    @Override
    public Result check() {
      return isOpen()
          ? Result.healthy("carries events between nodes")
          : Result.failing("away; nodes hear of each other through the database, once a second");
    }
  }

  @Override
  public void subscribe(Listener listener) {
    listeners.add(listener);
  }

  @Override
  public void publish(RoomId room, List<RoomEvent> events) {
    tell(listener -> listener.onRoomEvents(room, events));
    events.forEach(event -> offer(new BusItem.InRoom(event)));
  }

  @Override
  public void publish(UserEvent event) {
    tell(listener -> listener.onUserEvent(event));
    offer(new BusItem.ForUser(event));
  }

  @Override
  public void publish(EphemeralEvent event) {
    tell(listener -> listener.onEphemeral(event));
    offer(new BusItem.Passing(event));
  }

  private void offer(BusItem item) {
    if (!queue.offer(item)) {
      counters.full().increment();
    }
  }

  /// What was committed stays committed, so a listener's defect must not reach the publisher.
  private void tell(Consumer<Listener> event) {
    for (var listener : listeners) {
      try {
        event.accept(listener);
      } catch (RuntimeException e) {
        LOG.error("a listener of the bus failed", e);
      }
    }
  }

  // ---- out: the bus' own thread

  private void run() {
    while (!closed || queue.size() > 0) {
      try {
        round(queue.take(IDLE));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      } catch (RuntimeException e) {
        // Redis is away, or went while we talked to it; the log repairs.
        LOG.debug("the bus could not publish: {}", e.toString());
      }
    }
  }

  private void round(List<BusItem> items) throws InterruptedException {
    boolean sent = false;
    try {
      replaceIfSilent();
      sent = isAnswered() && send(items);
    } finally {
      if (!sent) {
        counters.away().add(items.size());
      }
    }
  }

  /// Redis can vanish without a word, and then its connection is not closed for long.
  private void replaceIfSilent() {
    if (silentSince.isPresent() && ticker.nanos() - silentSince.getAsLong() > GIVEN_UP) {
      silentSince = OptionalLong.empty();
      link.renew();
      unanswered = List.of();
    }
  }

  /// What Redis owes us an answer to is all that we let it owe.
  private boolean isAnswered() {
    return unanswered.stream().allMatch(RedisFuture::isDone);
  }

  private boolean send(List<BusItem> items) throws InterruptedException {
    var wire = link.wire();
    if (wire.isEmpty()) {
      return false;
    }
    channels.ensureOpen(wire.get());
    boolean beat = ticker.nanos() - beatAt >= BEAT;
    if (items.isEmpty() && !beat) {
      return true;
    }
    if (silentSince.isEmpty()) {
      silentSince = OptionalLong.of(ticker.nanos());
    }
    unanswered = publish(wire.get(), items, beat);
    if (beat) {
      beatAt = ticker.nanos();
    }
    boolean answered = awaitAnswers();
    counters.sent().add(answered ? items.size() : 0);
    return answered;
  }

  /// Sends the items of each channel, and if it is time an empty message on all others.
  private List<RedisFuture<Long>> publish(RedisLink.Wire wire, List<BusItem> items, boolean beat) {
    var names = BusChannels.names(link, wire.cluster());
    var byChannel = new ArrayList<List<BusItem>>();
    for (int i = 0; i < names.length; i++) {
      byChannel.add(new ArrayList<>());
    }
    items.forEach(item -> byChannel.get(channel(item, names.length)).add(item));
    var answers = new ArrayList<RedisFuture<Long>>();
    for (int i = 0; i < names.length; i++) {
      if (beat || !byChannel.get(i).isEmpty()) {
        var packed = messages.pack(byChannel.get(i), ticker.nanos());
        counters.large().add(packed.large());
        for (var message : packed.messages()) {
          answers.add(
              wire.cluster()
                  ? wire.commands().spublish(names[i], message)
                  : wire.commands().publish(names[i], message));
        }
      }
    }
    counters.messages().add(answers.size());
    return answers;
  }

  private static int channel(BusItem item, int channels) {
    return Math.floorMod(item.route() * 0x9E3779B9, channels);
  }

  private boolean awaitAnswers() throws InterruptedException {
    long deadline = ticker.nanos() + PATIENCE.toNanos();
    boolean all = true;
    for (var answer : unanswered) {
      long left = Math.max(0, deadline - ticker.nanos());
      boolean answered = answer.await(left, TimeUnit.NANOSECONDS) && answer.getError() == null;
      if (answered) {
        silentSince = OptionalLong.empty();
      }
      all &= answered;
    }
    return all;
  }

  // ---- in: Redis' threads

  private void receive(int channel, byte[] message) {
    try {
      var received = messages.open(message);
      if (received.isEmpty()) {
        counters.unreadable().increment();
      } else if (received.get().own()) {
        channels.heard(channel);
        counters.seconds().record(ticker.nanos() - received.get().sentNanos());
      } else {
        deliver(received.get().items());
      }
    } catch (RuntimeException e) {
      counters.unreadable().increment();
      LOG.warn("a message on the bus could not be read", e);
    }
  }

  private void deliver(ByteBuf items) {
    var run = new ArrayList<RoomEvent>();
    while (items.isReadable()) {
      var item = messages.next(items);
      if (item.isEmpty()) {
        counters.unreadable().increment();
      } else if (item.get() instanceof BusItem.InRoom(var event)) {
        if (!run.isEmpty() && !follows(run.getLast(), event)) {
          deliver(run);
          run = new ArrayList<>();
        }
        run.add(event);
      } else {
        deliver(run);
        run = new ArrayList<>();
        deliver(item.get());
      }
    }
    deliver(run);
  }

  private static boolean follows(RoomEvent before, RoomEvent event) {
    return event.room().equals(before.room()) && event.pos() == before.pos() + 1;
  }

  private void deliver(List<RoomEvent> run) {
    if (!run.isEmpty()) {
      counters.received().add(run.size());
      tell(listener -> listener.onRoomEvents(run.getFirst().room(), run));
    }
  }

  private void deliver(BusItem item) {
    counters.received().increment();
    switch (item) {
      case BusItem.InRoom(var event) -> deliver(List.of(event));
      case BusItem.RoomHead(var room, var pos) -> tell(one -> one.onRoomHead(room, pos));
      case BusItem.ForUser(var event) -> tell(one -> one.onUserEvent(event));
      case BusItem.UserHead(var user, var pos) -> tell(one -> one.onUserHead(user, pos));
      case BusItem.Passing(var event) -> tell(one -> one.onEphemeral(event));
    }
  }

  /// Publishes what waits, as far as that is possible at once, and ends.
  @Override
  public void close() throws InterruptedException {
    closed = true;
    if (!thread.join(PATIENCE.multipliedBy(3))) {
      thread.interrupt();
    }
    channels.close();
  }
}
