package dev.parley.client.verify;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/// What all witnesses together saw of one room: per place, the first report.
final class RoomTruth {
  private static final int FIELDS = 3;

  private final Map<String, Long> fences = new HashMap<>();
  private long[] places = new long[64 * FIELDS]; // messageId, hash, seq of each pos
  private boolean[] known = new boolean[64];
  private long head;

  /// Compares a report with the first one of that place.
  ///
  /// @return whether they agree
  boolean agrees(Observation.Seen seen) {
    int at = Math.toIntExact(seen.pos());
    reserve(at);
    head = Math.max(head, seen.pos());
    int first = at * FIELDS;
    if (!known[at]) {
      known[at] = true;
      places[first] = seen.messageId();
      places[first + 1] = seen.hash();
      places[first + 2] = seen.seq();
      return true;
    }
    return places[first] == seen.messageId()
        && places[first + 1] == seen.hash()
        && places[first + 2] == seen.seq();
  }

  /// The last place that anybody saw.
  long head() {
    return head;
  }

  /// A user's membership ended at a place, or began anew.
  void membership(String user, long pos, boolean isMember) {
    if (isMember) {
      fences.remove(user);
    } else {
      fences.put(user, pos);
    }
  }

  /// The place after which a user may see nothing; the largest number if there is none.
  long fence(String user) {
    return fences.getOrDefault(user, Long.MAX_VALUE);
  }

  private void reserve(int at) {
    if (at >= known.length) {
      int size = Math.max(at + 1, known.length * 2);
      known = Arrays.copyOf(known, size);
      places = Arrays.copyOf(places, size * FIELDS);
    }
  }
}
