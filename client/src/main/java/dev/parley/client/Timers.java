package dev.parley.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/// At most one alarm per purpose, on a clock that never jumps.
final class Timers {
  /// What an alarm is for.
  enum Timer {
    /// Try to connect.
    RECONNECT,
    /// The welcome is overdue.
    GREETING,
    /// Nothing has arrived for a while: is the connection still there?
    PROBE,
    /// Nothing has arrived for too long.
    SILENCE,
    /// An answer may be overdue.
    ANSWER,
    /// Acknowledge what was delivered.
    ACK,
    /// Renew the tokens.
    REFRESH,
    /// Leave a node that goes down.
    DRAIN,
    /// Pull once more after a refusal.
    PULL,
    /// Send once more what was refused for now although it may have been done before.
    RESEND
  }

  private final LongSupplier nanos;
  private final Map<Timer, Long> alarms = new EnumMap<>(Timer.class);

  Timers(LongSupplier nanos) {
    this.nanos = nanos;
  }

  void set(Timer timer, Duration wait) {
    alarms.put(timer, nanos.getAsLong() + wait.toNanos());
  }

  void setUnlessSet(Timer timer, Duration wait) {
    if (!alarms.containsKey(timer)) {
      set(timer, wait);
    }
  }

  void clear(Timer timer) {
    alarms.remove(timer);
  }

  /// The alarms that are due; they are off now.
  List<Timer> due() {
    long now = nanos.getAsLong();
    var due = new ArrayList<Timer>();
    alarms.forEach(
        (timer, at) -> {
          if (at - now <= 0) {
            due.add(timer);
          }
        });
    due.forEach(alarms::remove);
    return due;
  }

  /// Until the next alarm; at most an hour.
  Duration untilNext() {
    long now = nanos.getAsLong();
    long wait =
        alarms.values().stream()
            .mapToLong(at -> at - now)
            .min()
            .orElse(Duration.ofHours(1).toNanos());
    return Duration.ofNanos(Math.max(0, wait));
  }
}
