package dev.parley.server.gateway;

import dev.parley.server.base.Limits;
import dev.parley.server.base.OrgId;
import dev.parley.server.base.RoomId;
import dev.parley.server.base.UserId;
import dev.parley.server.domain.event.EphemeralEvent;
import dev.parley.server.domain.event.RoomEvent;
import dev.parley.server.domain.room.RoomLog;
import io.netty.buffer.ByteBufAllocator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A room that somebody on this node hears: puts its events into order and hands them to the event
/// loops.
///
/// Events come from several threads and nodes, so they can come late, twice or not at all. What
/// follows the last event is passed on; what was passed on already is dropped; a hole is read from
/// the log, once for all connections of the node. Guarded by this.
final class Topic {
  private static final Logger LOG = LoggerFactory.getLogger(Topic.class);

  private static final Duration RETRY_MIN = Duration.ofMillis(250);
  private static final Duration RETRY_MAX = Duration.ofSeconds(5);

  private final OrgId org;
  private final RoomId room;
  private final RoomLog log;
  private final Executor executor;
  private final Gateway.DelayedExecutor delayed;
  private final ByteBufAllocator allocator;
  private final List<LoopShare> shares = new ArrayList<>(2);

  /// The last position passed on; -1 until the first event comes.
  private long passed = -1;

  /// The last position heard of.
  private long heard;

  private boolean filling;

  /// The last pause before another attempt to fill; zero while they succeed.
  private Duration retry = Duration.ZERO;

  Topic(
      OrgId org,
      RoomId room,
      RoomLog log,
      Executor executor,
      Gateway.DelayedExecutor delayed,
      ByteBufAllocator allocator) {
    this.org = org;
    this.room = room;
    this.log = log;
    this.executor = executor;
    this.delayed = delayed;
    this.allocator = allocator;
  }

  /// What one event loop has of the room, and how many subscriptions it holds.
  private static final class LoopShare {
    private final GatewayLoop loop;
    private int count;

    private LoopShare(GatewayLoop loop) {
      this.loop = loop;
    }
  }

  /// Counts a subscription on a loop; from now on the loop gets the room's events.
  synchronized void enter(GatewayLoop loop) {
    share(loop).count++;
  }

  /// Counts it out again.
  ///
  /// @return whether nobody is left
  synchronized boolean exit(GatewayLoop loop) {
    var share = share(loop);
    if (--share.count == 0) {
      shares.remove(share);
    }
    return shares.isEmpty();
  }

  synchronized boolean isEmpty() {
    return shares.isEmpty();
  }

  /// Takes committed events, ascending by position.
  synchronized void take(List<RoomEvent> events) {
    heard = Math.max(heard, events.getLast().pos());
    if (passed < 0) {
      passed = events.getFirst().pos() - 1;
    }
    if (filling) {
      return;
    }
    if (events.getFirst().pos() > passed + 1) {
      filling = true;
      executor.execute(this::fill);
      return;
    }
    pass(events);
  }

  /// Takes how far the log reaches, which may be further than what came.
  synchronized void takeHead(long pos) {
    heard = Math.max(heard, pos);
    if (passed < 0) {
      // Nobody knows yet what came, so each connection sees for itself what it lacks.
      passed = pos;
      shares.forEach(share -> share.loop.reach(room, pos));
    } else if (passed < heard && !filling) {
      filling = true;
      executor.execute(this::fill);
    }
  }

  /// Takes something that is not kept.
  synchronized void take(EphemeralEvent event, Predicate<UserId> hears) {
    shares.forEach(share -> share.loop.deliver(room, event, hears));
  }

  /// The event loops that hear the room.
  synchronized List<GatewayLoop> loops() {
    return shares.stream().map(share -> share.loop).toList();
  }

  private LoopShare share(GatewayLoop loop) {
    for (var share : shares) {
      if (share.loop == loop) {
        return share;
      }
    }
    var share = new LoopShare(loop);
    shares.add(share);
    return share;
  }

  private void pass(List<RoomEvent> events) {
    var fresh = fresh(events);
    if (fresh.isEmpty()) {
      return;
    }
    passed = fresh.getLast().pos();
    var batch = new EncodedEvents(fresh, allocator);
    for (var share : shares) {
      batch.retain();
      share.loop.deliver(room, batch);
    }
    batch.release();
  }

  private List<RoomEvent> fresh(List<RoomEvent> events) {
    if (events.getFirst().pos() == passed + 1) {
      return events;
    }
    return events.stream().filter(event -> event.pos() > passed).toList();
  }

  /// Reads the log until everything that was heard of is passed on.
  private void fill() {
    try {
      while (true) {
        var page = log.read(org, room, lastPassed(), Limits.PAGE);
        if (filled(page)) {
          return;
        }
      }
    } catch (RuntimeException e) {
      LOG.warn("a hole in room {} could not be read yet: {}", room, e.toString());
      fillLater();
    }
  }

  /// Tries again, less and less often, as long as somebody hears the room.
  private synchronized void fillLater() {
    if (shares.isEmpty()) {
      filling = false;
      return;
    }
    retry = retry.isZero() ? RETRY_MIN : retry.multipliedBy(2);
    if (retry.compareTo(RETRY_MAX) > 0) {
      retry = RETRY_MAX;
    }
    delayed.execute(retry, this::fill);
  }

  private synchronized long lastPassed() {
    return passed;
  }

  private synchronized boolean filled(List<RoomEvent> page) {
    if (!page.isEmpty()) {
      pass(page);
    }
    retry = Duration.ZERO;
    filling = !page.isEmpty() && passed < heard;
    return !filling;
  }
}
