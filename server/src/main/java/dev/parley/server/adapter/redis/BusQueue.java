package dev.parley.server.adapter.redis;

import dev.parley.server.base.Limits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/// What waits to be told to other nodes, within bounds. Many put, one takes.
final class BusQueue {
  private static final int AT_ONCE = 4_096;

  private final BlockingQueue<BusItem> items = new ArrayBlockingQueue<>(Limits.BUS_EVENTS);
  private final AtomicLong weight = new AtomicLong();

  /// Whether there was room.
  boolean offer(BusItem item) {
    if (weight.addAndGet(item.weight()) <= Limits.BUS_CHARACTERS && items.offer(item)) {
      return true;
    }
    weight.addAndGet(-item.weight());
    return false;
  }

  /// Everything that waits, up to some thousands; waits a while for the first one.
  List<BusItem> take(Duration patience) throws InterruptedException {
    var first = items.poll(patience.toNanos(), TimeUnit.NANOSECONDS);
    if (first == null) {
      return List.of();
    }
    var taken = new ArrayList<BusItem>();
    taken.add(first);
    items.drainTo(taken, AT_ONCE - 1);
    weight.addAndGet(-taken.stream().mapToLong(BusItem::weight).sum());
    return taken;
  }

  int size() {
    return items.size();
  }
}
