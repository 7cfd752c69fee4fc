package dev.parley.server.adapter.postgres;

import dev.parley.server.base.Limits;
import dev.parley.server.base.Metric;
import dev.parley.server.base.OutageException;
import dev.parley.server.base.Refusal;
import dev.parley.server.base.RoomId;
import dev.parley.server.base.Telemetry;
import dev.parley.server.domain.event.EventBus;
import dev.parley.server.domain.event.RoomEvent;
import dev.parley.server.domain.room.RoomLog.Outcome;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One thread that commits messages in groups: it takes whatever has come as soon as the previous
/// commit returned, so that batches grow under load and a lone message waits for nobody (natural
/// group commit; DeWitt et al., "Implementation Techniques for Main Memory Database Systems",
/// 1984).
///
/// A batch whose answer was lost is sent again until the database says what became of it: every
/// message has an op, so sending again is harmless, and nothing is answered `error` that might
/// exist. While that lasts, new messages are refused as unavailable at once.
final class WriterLane {
  private static final Logger LOG = LoggerFactory.getLogger(WriterLane.class);
  private static final long RETRY_MILLIS_MIN = 50;
  private static final long RETRY_MILLIS_MAX = 250;
  private static final Outcome BUSY =
      new Outcome.Refused(new Refusal.Busy("too many messages wait to be written; send again"));
  private static final Outcome AWAY =
      new Outcome.Refused(
          new Refusal.Unavailable("the database is away; send the same op again", false));
  private static final Outcome REJECTED =
      new Outcome.Refused(new Refusal.BadRequest("the message cannot be stored"));
  private static final Outcome UNKNOWN = new Outcome.Unknown();
  private static final Outcome FULL =
      new Outcome.Refused(new Refusal.Unavailable("the database has no space left", true));

  private final BatchWriter writer;
  private final EventBus bus;
  private final Telemetry.Counter busy;
  private final Telemetry.Counter unavailable;
  private final Telemetry.Sizes committed;
  private final Thread thread;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  // Guarded by lock.
  private final ArrayDeque<Append> queue = new ArrayDeque<>();
  private boolean away;
  private boolean closing;

  WriterLane(String name, BatchWriter writer, EventBus bus, Telemetry telemetry) {
    this.writer = writer;
    this.bus = bus;
    this.busy = telemetry.counter(Metric.LANE_REFUSED, "busy");
    this.unavailable = telemetry.counter(Metric.LANE_REFUSED, "away");
    this.committed = telemetry.sizes(Metric.COMMIT_MESSAGES);
    this.thread = Thread.ofPlatform().name(name).unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  /// Takes a message, or settles it at once if the lane is full, down or closed.
  void append(Append append) {
    var refusal = offer(append);
    if (refusal != null) {
      (refusal.equals(BUSY) ? busy : unavailable).increment();
      append.settle(refusal);
    }
  }

  /// Commits what is queued, settles what cannot be, and ends.
  void close(Duration patience) throws InterruptedException {
    close();
    if (!thread.join(patience)) {
      thread.interrupt();
      thread.join(Duration.ofSeconds(1));
    }
  }

  private void close() {
    lock.lock();
    try {
      closing = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  int waiting() {
    lock.lock();
    try {
      return queue.size();
    } finally {
      lock.unlock();
    }
  }

  private @Nullable Outcome offer(Append append) {
    lock.lock();
    try {
      if (away || closing) {
        return AWAY;
      }
      if (queue.size() >= Limits.LANE) {
        return BUSY;
      }
      queue.add(append);
      if (queue.size() == 1) {
        changed.signal();
      }
      return null;
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    try {
      for (var batch = take(); !batch.isEmpty(); batch = take()) {
        commit(batch, false);
      }
    } catch (InterruptedException e) {
      LOG.warn("writer lane interrupted before its queue was empty");
    } finally {
      close();
      drain().forEach(append -> append.settle(AWAY));
    }
  }

  /// The next batch, at most [Limits#COMMIT_MESSAGES] and [Limits#COMMIT_BYTES]; empty at the end.
  private List<Append> take() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (queue.isEmpty() && !closing) {
        changed.await();
      }
      var batch = new ArrayList<Append>();
      int bytes = 0;
      while (!queue.isEmpty()
          && batch.size() < Limits.COMMIT_MESSAGES
          && bytes < Limits.COMMIT_BYTES) {
        var append = queue.remove();
        bytes += append.draft().content().length();
        batch.add(append);
      }
      return batch;
    } finally {
      lock.unlock();
    }
  }

  /// @param uncertain whether an earlier attempt at these may have been committed
  private void commit(List<Append> batch, boolean uncertain) throws InterruptedException {
    var messages = Batch.of(batch);
    boolean unsure = uncertain;
    for (long pause = RETRY_MILLIS_MIN; ; pause = Math.min(2 * pause, RETRY_MILLIS_MAX)) {
      List<Outcome> outcomes;
      try {
        outcomes = writer.write(messages.distinct());
      } catch (OutageException e) {
        unsure |= e.kind() == OutageException.Kind.UNKNOWN;
        if (!unsure) {
          messages.settleAll(e.kind() == OutageException.Kind.STORAGE_FULL ? FULL : AWAY);
          return;
        }
        LOG.warn("the answer to a commit was lost; asking again: {}", e.getMessage());
        setAway(true);
        drain().forEach(append -> append.settle(AWAY));
        if (!await(pause)) {
          messages.settleAll(UNKNOWN);
          return;
        }
        continue;
      } catch (RuntimeException e) {
        LOG.error("a batch of {} messages could not be written", batch.size(), e);
        setAway(false);
        isolate(batch, messages, unsure);
        return;
      }
      setAway(false);
      committed.record(outcomes.size());
      publish(outcomes, unsure);
      messages.settle(outcomes);
      return;
    }
  }

  /// A message that the database rejects must not take its neighbours with it: halves are tried
  /// until it is alone. One that may have been committed before is never called rejected (C2).
  private void isolate(List<Append> batch, Batch messages, boolean uncertain)
      throws InterruptedException {
    if (batch.size() == 1) {
      messages.settleAll(uncertain ? UNKNOWN : REJECTED);
      return;
    }
    int half = batch.size() / 2;
    commit(batch.subList(0, half), uncertain);
    commit(batch.subList(half, batch.size()), uncertain);
  }

  /// Tells the room. What was known already was told when it was posted, unless that was an attempt
  /// whose answer was lost; whoever hears it twice drops it by its position.
  private void publish(List<Outcome> outcomes, boolean uncertain) {
    var byRoom = new LinkedHashMap<RoomId, List<RoomEvent>>();
    for (var outcome : outcomes) {
      if (outcome instanceof Outcome.Posted(var event, var duplicate)
          && (uncertain || !duplicate)) {
        byRoom.computeIfAbsent(event.room(), room -> new ArrayList<>()).add(event);
      }
    }
    byRoom.forEach((room, events) -> runs(events).forEach(run -> publish(room, run)));
  }

  /// The events in the order of the log, cut where one is missing. What was sent again stands
  /// anywhere between new ones, and listeners count on no hole.
  private static List<List<RoomEvent>> runs(List<RoomEvent> events) {
    var runs = new ArrayList<List<RoomEvent>>(1);
    long next = -1;
    for (var event : events.stream().sorted(Comparator.comparingLong(RoomEvent::pos)).toList()) {
      if (event.pos() != next) {
        runs.add(new ArrayList<>());
      }
      runs.getLast().add(event);
      next = event.pos() + 1;
    }
    return runs;
  }

  /// A listener that fails must not make the lane believe that nothing was written.
  private void publish(RoomId room, List<RoomEvent> events) {
    try {
      bus.publish(room, events);
    } catch (RuntimeException e) {
      LOG.error("the events of a room could not be published; the log has them", e);
    }
  }

  private void setAway(boolean value) {
    lock.lock();
    try {
      away = value;
    } finally {
      lock.unlock();
    }
  }

  private List<Append> drain() {
    lock.lock();
    try {
      var all = List.copyOf(queue);
      queue.clear();
      return all;
    } finally {
      lock.unlock();
    }
  }

  /// Waits before the next try; false if the lane is to end.
  private boolean await(long millis) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long left = TimeUnit.MILLISECONDS.toNanos(millis);
      while (left > 0 && !closing) {
        left = changed.awaitNanos(left);
      }
      return !closing;
    } finally {
      lock.unlock();
    }
  }
}
