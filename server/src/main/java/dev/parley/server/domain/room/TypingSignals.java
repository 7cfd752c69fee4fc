package dev.parley.server.domain.room;

import dev.parley.server.base.RoomId;
import dev.parley.server.base.Ticker;
import dev.parley.server.base.UserId;
import dev.parley.server.domain.event.EphemeralEvent.Typing;
import dev.parley.server.domain.event.EventBus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/// Tells rooms who is typing: of one user and room at most once a second, and what was said last
/// counts. Guarded by this.
public final class TypingSignals {
  private static final Duration INTERVAL = Duration.ofSeconds(1);

  /// Users who type within a second. Beyond: nobody hears of the others, because it is not kept
  /// anyway.
  private static final int CAP = 50_000;

  private final EventBus bus;
  private final Ticker ticker;
  private final Later later;
  private final Map<Key, Signal> signals = new HashMap<>();
  private boolean scheduled;

  public TypingSignals(EventBus bus, Ticker ticker, Later later) {
    this.bus = bus;
    this.ticker = ticker;
    this.later = later;
  }

  /// Runs a task after a while.
  @FunctionalInterface
  public interface Later {
    void run(Duration delay, Runnable task);
  }

  private record Key(RoomId room, UserId user) {}

  /// What was told, when, and what was wished since.
  private record Signal(boolean told, long toldNanos, boolean wish) {}

  /// Tells that somebody is typing, or has stopped; now or within two seconds.
  public void tell(RoomId room, UserId user, boolean active) {
    if (isDue(new Key(room, user), active)) {
      bus.publish(new Typing(room, user, active));
    }
  }

  private synchronized boolean isDue(Key key, boolean active) {
    var signal = signals.get(key);
    long now = ticker.nanos();
    if (signal != null && now - signal.toldNanos() < INTERVAL.toNanos()) {
      signals.put(key, new Signal(signal.told(), signal.toldNanos(), active));
      return false;
    }
    if (signal == null && signals.size() >= CAP) {
      return false;
    }
    signals.put(key, new Signal(active, now, active));
    if (!scheduled) {
      scheduled = true;
      later.run(INTERVAL, this::settle);
    }
    return true;
  }

  private void settle() {
    overdue().forEach(bus::publish);
  }

  /// What was wished and not told a second ago; forgets what was.
  private synchronized List<Typing> overdue() {
    var due = new ArrayList<Typing>();
    long now = ticker.nanos();
    for (Iterator<Map.Entry<Key, Signal>> all = signals.entrySet().iterator(); all.hasNext(); ) {
      var entry = all.next();
      var signal = entry.getValue();
      if (now - signal.toldNanos() < INTERVAL.toNanos()) {
        continue;
      }
      if (signal.wish() == signal.told()) {
        all.remove();
      } else {
        entry.setValue(new Signal(signal.wish(), now, signal.wish()));
        due.add(new Typing(entry.getKey().room(), entry.getKey().user(), signal.wish()));
      }
    }
    scheduled = !signals.isEmpty();
    if (scheduled) {
      later.run(INTERVAL, this::settle);
    }
    return due;
  }
}
