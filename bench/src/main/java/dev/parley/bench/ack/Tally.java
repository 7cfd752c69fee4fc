package dev.parley.bench.ack;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What came back in one phase.
final class Tally {
  private static final int FAULTS = 10;

  private final Map<LoadSocket, String> rooms = new HashMap<>();
  private final Map<String, BitSet> seqs = new HashMap<>();
  private final List<String> faults = new ArrayList<>();
  private Latencies latencies = new Latencies();
  private long ended = Long.MAX_VALUE;
  private long acked;
  private long delivered;
  private long faultCount;
  private long behind;

  /// Forgets the numbers, not the faults.
  void begin() {
    latencies = new Latencies();
    acked = 0;
    delivered = 0;
    ended = Long.MAX_VALUE;
  }

  /// What comes from now on belongs to the order of the log, but not to the figures.
  void end(long nanos) {
    ended = nanos;
  }

  /// Says which room a socket writes to now.
  void writes(LoadSocket socket, String room) {
    rooms.put(socket, room);
    seqs.computeIfAbsent(room, id -> new BitSet());
  }

  void acked(LoadSocket socket, long sentNanos, long seq) {
    long now = System.nanoTime();
    if (now < ended) {
      latencies.add(now - sentNanos);
      acked++;
    }
    var known = seqs.get(rooms.get(socket));
    if (known == null || known.get((int) seq)) {
      fault("seq " + seq + " was acknowledged twice");
    } else {
      known.set((int) seq);
    }
  }

  void delivered() {
    delivered++;
  }

  /// The server put a socket behind; no fault, but it says that this loader was too slow.
  void behind() {
    behind++;
  }

  long timesBehind() {
    return behind;
  }

  void fault(String what) {
    faultCount++;
    if (faults.size() < FAULTS) {
      faults.add(what);
    }
  }

  long acks() {
    return acked;
  }

  long deliveries() {
    return delivered;
  }

  Latencies latencies() {
    return latencies;
  }

  /// What went wrong, with what only the end shows: only this bench writes to its rooms, so the
  /// acknowledged numbers of each must be 1, 2, 3 … without a hole.
  List<String> verdict() {
    var all = new ArrayList<>(faults);
    if (faultCount > faults.size()) {
      all.add((faultCount - faults.size()) + " more faults");
    }
    seqs.forEach(
        (room, known) -> {
          if (known.cardinality() != Math.max(0, known.length() - 1)) {
            all.add("room " + room + " has holes among its acknowledged numbers");
          }
        });
    return all;
  }
}
