package dev.parley.server.gateway;

import dev.parley.server.base.RoomId;
import dev.parley.server.base.UserId;
import dev.parley.server.domain.event.EphemeralEvent;
import dev.parley.server.domain.event.EphemeralEvent.Received;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One event loop's part of the gateway: which connections of the loop hear which rooms. Everything
/// but [#deliver] and [#execute] runs on the loop.
final class GatewayLoop {
  private static final Logger LOG = LoggerFactory.getLogger(GatewayLoop.class);

  private final EventLoop eventLoop;
  private final Map<RoomId, LoopTopic> topics = new HashMap<>();
  private final GatewayMetrics metrics;
  private List<Connection> dirty = new ArrayList<>();
  private long framesIn;
  private long answers;
  private long deliveries;

  GatewayLoop(EventLoop eventLoop, GatewayMetrics metrics) {
    this.eventLoop = eventLoop;
    this.metrics = metrics;
    var _ = eventLoop.scheduleWithFixedDelay(this::report, 1, 1, TimeUnit.SECONDS);
  }

  void countFrame() {
    framesIn++;
  }

  void countAnswer() {
    answers++;
  }

  void countDeliveries(int events) {
    deliveries += events;
  }

  private void report() {
    metrics.add(framesIn, answers + deliveries, deliveries);
    framesIn = 0;
    answers = 0;
    deliveries = 0;
  }

  void execute(Runnable task) {
    eventLoop.execute(task);
  }

  boolean inLoop() {
    return eventLoop.inEventLoop();
  }

  /// Delivers events to the loop's subscribers of a room; takes over one reference.
  void deliver(RoomId room, EncodedEvents events) {
    eventLoop.execute(
        () -> {
          try {
            deliver(topics.get(room), events);
          } finally {
            events.release();
          }
        });
  }

  private static void deliver(@Nullable LoopTopic topic, EncodedEvents events) {
    if (topic == null) {
      return;
    }
    try {
      topic.deliver(events);
    } catch (Throwable e) {
      // Where the log stands is no news by now, so nothing else would tell those that were left.
      LOG.error("events could not be delivered; whoever lacks them reads the log", e);
      topic.reach(events.last());
    }
  }

  /// Has the loop's subscribers of a room read the log, if they have less than this position.
  void reach(RoomId room, long pos) {
    eventLoop.execute(
        () -> {
          var topic = topics.get(room);
          if (topic != null) {
            topic.reach(pos);
          }
        });
  }

  void deliver(RoomId room, EphemeralEvent event, Predicate<UserId> hears) {
    eventLoop.execute(
        () -> {
          var topic = topics.get(room);
          if (topic != null) {
            try (var signal = new EncodedSignal(event)) {
              topic.deliver(signal, hears);
            }
          }
        });
  }

  /// The same for several rooms: each connection gets it once.
  void deliver(List<RoomId> rooms, EphemeralEvent event, Predicate<UserId> hears) {
    eventLoop.execute(
        () -> {
          var reached = Collections.<Connection>newSetFromMap(new IdentityHashMap<>());
          try (var signal = new EncodedSignal(event)) {
            for (var room : rooms) {
              var topic = topics.get(room);
              if (topic != null) {
                topic.deliver(signal, hears, reached);
              }
            }
          }
        });
  }

  /// Tells the sessions of a room what has reached somebody.
  void tell(Received receipt) {
    eventLoop.execute(
        () -> {
          var topic = topics.get(receipt.room());
          if (topic != null) {
            topic.tell(receipt);
          }
        });
  }

  /// Runs a task on the loop after a while.
  void later(Duration delay, Runnable task) {
    var _ = eventLoop.schedule(task, delay.toMillis(), TimeUnit.MILLISECONDS);
  }

  void add(RoomId room, Subscription subscription) {
    topics.computeIfAbsent(room, id -> new LoopTopic()).add(subscription);
  }

  void remove(RoomId room, Subscription subscription) {
    var topic = topics.get(room);
    if (topic != null) {
      topic.remove(subscription);
      if (topic.isEmpty()) {
        topics.remove(room);
      }
    }
  }

  boolean goLive(RoomId room, Subscription subscription) {
    var topic = topics.get(room);
    return topic == null || topic.goLive(subscription);
  }

  /// Has a connection flushed once all tasks that wait now have run, so that what several rooms
  /// send to one socket in one turn of the loop goes out in one system call.
  void flushLater(Connection connection) {
    if (dirty.isEmpty()) {
      eventLoop.execute(this::flushDirty);
    }
    dirty.add(connection);
  }

  /// A flush can make a socket writable again, which queues more and fills the list anew.
  private void flushDirty() {
    var now = dirty;
    dirty = new ArrayList<>();
    for (var connection : now) {
      try {
        connection.flush();
      } catch (RuntimeException e) {
        // The others are not to wait for ever because of one.
        connection.failed(e);
      }
    }
  }
}
