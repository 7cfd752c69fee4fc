package dev.parley.server.gateway.websocket;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Coarse deadlines for many owners in a few arrays: 16 bytes each and no object (Varghese and
/// Lauck, 1987, scheme 4).
///
/// Time is handed in as ticks. A deadline comes in the tick it was set for, thus up to one tick
/// early; one further off than the wheel reaches comes early too, so an owner looks at [#now()] and
/// sets it again. It holds as many owners as there are connections.
///
/// Event loop only.
public final class TimerWheel {
  private static final Logger LOG = LoggerFactory.getLogger(TimerWheel.class);

  /// Ticks that one turn of the wheel reaches.
  private static final int SPAN = 128;

  private static final int SPAN_MASK = SPAN - 1;

  /// Who wants to be told.
  @FunctionalInterface
  public interface Timed {
    /// The deadline has come; it does not come again unless it is set again.
    void due();
  }

  // Entries 0 to SPAN - 1 are the heads of the rings, one for each tick; the others are timers. A
  // timer whose deadline is not set is
  // a ring of its own. Free entries are chained by `next`, ended by 0.
  private @Nullable Timed[] owners = new Timed[SPAN * 2];
  private int[] next = new int[SPAN * 2];
  private int[] previous = new int[SPAN * 2];
  private int free;
  private int used = SPAN;
  private int size;
  private int now = 1;

  public TimerWheel() {
    for (int head = 0; head < SPAN; head++) {
      detach(head);
    }
  }

  /// The current tick: positive, and one more with every [#tick()].
  public int now() {
    return now;
  }

  /// How many timers there are.
  public int size() {
    return size;
  }

  /// A new timer without a deadline.
  ///
  /// @return its name until [#remove]
  public int add(Timed owner) {
    int timer = free != 0 ? free : used++;
    if (timer == free) {
      free = next[timer];
    } else if (timer == owners.length) {
      grow();
    }
    owners[timer] = owner;
    detach(timer);
    size++;
    return timer;
  }

  /// Sets or moves a deadline.
  ///
  /// @param ticks from now; at least one, and cut to what the wheel reaches
  public void set(int timer, int ticks) {
    int reach = Math.clamp(ticks, 1, SPAN - 1);
    unlink(timer);
    int head = (now + reach) & SPAN_MASK;
    int last = previous[head];
    next[last] = timer;
    previous[timer] = last;
    next[timer] = head;
    previous[head] = timer;
  }

  /// Forgets a timer; its name may be given away again.
  public void remove(int timer) {
    unlink(timer);
    owners[timer] = null;
    next[timer] = free;
    free = timer;
    size--;
  }

  /// Moves time on by one tick and tells those whose deadline has come.
  public void tick() {
    now++;
    int head = now & SPAN_MASK;
    // Nobody can come back into this ring, because a deadline is less than one turn away.
    while (next[head] != head) {
      int timer = next[head];
      Timed owner = owners[timer];
      unlink(timer);
      detach(timer);
      if (owner != null) {
        tell(owner);
      }
    }
  }

  /// One that fails must not keep the others waiting for ever.
  private static void tell(Timed owner) {
    try {
      owner.due();
    } catch (RuntimeException e) {
      LOG.error("a timer failed", e);
    }
  }

  private void unlink(int timer) {
    next[previous[timer]] = next[timer];
    previous[next[timer]] = previous[timer];
  }

  private void detach(int timer) {
    next[timer] = timer;
    previous[timer] = timer;
  }

  private void grow() {
    int length = owners.length * 2;
    owners = Arrays.copyOf(owners, length);
    next = Arrays.copyOf(next, length);
    previous = Arrays.copyOf(previous, length);
  }
}
