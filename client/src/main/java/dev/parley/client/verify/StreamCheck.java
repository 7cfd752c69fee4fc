package dev.parley.client.verify;

import dev.parley.client.verify.Observation.Seen;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/// Judges the order in which one stream gets one room.
final class StreamCheck {
  /// Holes that are remembered, to tell what comes late from what comes twice. Beyond it the oldest
  /// is forgotten and what fills it counts as repeated.
  private static final int HOLES = 1_000;

  private static final long UNKNOWN = -1;

  private final boolean bySeq;
  private final TreeMap<Long, Long> holes = new TreeMap<>(); // first -> last
  private long pos = UNKNOWN;
  private long seq = UNKNOWN;
  private boolean strict;

  /// @param bySeq whether the stream carries messages only, so that `seq` has no holes but `pos`
  ///   has
  StreamCheck(boolean bySeq) {
    this.bySeq = bySeq;
  }

  void follow(long after) {
    pos = after;
    seq = after == 0 ? 0 : UNKNOWN;
    strict = true;
    holes.clear();
  }

  void loosen() {
    strict = false;
  }

  /// The stream was told that nothing up to here is missing.
  void caughtUp(long head, Consumer<Violation> violations) {
    if (strict && !bySeq && pos < head) {
      violations.accept(Violation.GAP);
      skipTo(head);
      seq = UNKNOWN;
    }
  }

  void see(Seen seen, Consumer<Violation> violations) {
    if (!strict) {
      pos = Math.max(pos, seen.pos());
      return;
    }
    if (bySeq) {
      seeNumber(seen.seq(), seq, violations);
      pos = Math.max(pos, seen.pos());
      seq = Math.max(seq, seen.seq());
      return;
    }
    boolean isNext = seen.pos() == pos + 1;
    seeNumber(seen.pos(), pos, violations);
    if (seen.pos() > pos) {
      pos = seen.pos();
      seeSeq(seen, isNext, violations);
    }
  }

  /// How far the stream is.
  long pos() {
    return Math.max(0, pos);
  }

  boolean isStrict() {
    return strict;
  }

  private void seeNumber(long number, long last, Consumer<Violation> violations) {
    if (number > last + 1) {
      violations.accept(Violation.GAP);
      remember(last + 1, number - 1);
    } else if (number <= last) {
      violations.accept(fill(number) ? Violation.DISORDER : Violation.DUP_DELIVERY);
    }
  }

  private void seeSeq(Seen seen, boolean isNext, Consumer<Violation> violations) {
    if (seen.seq() == 0) {
      seq = isNext ? seq : UNKNOWN;
      return;
    }
    if (isNext && seq != UNKNOWN && seen.seq() != seq + 1) {
      violations.accept(Violation.GAP);
    }
    seq = seen.seq();
  }

  private void skipTo(long head) {
    remember(pos + 1, head);
    pos = head;
  }

  private void remember(long first, long last) {
    holes.put(first, last);
    if (holes.size() > HOLES) {
      holes.pollFirstEntry();
    }
  }

  /// Takes a number out of its hole; false if it was in none.
  private boolean fill(long number) {
    Map.Entry<Long, Long> hole = holes.floorEntry(number);
    if (hole == null || hole.getValue() < number) {
      return false;
    }
    holes.remove(hole.getKey());
    if (hole.getKey() < number) {
      holes.put(hole.getKey(), number - 1);
    }
    if (number < hole.getValue()) {
      holes.put(number + 1, hole.getValue());
    }
    return true;
  }
}
