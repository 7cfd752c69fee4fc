package dev.parley.client.verify;

import dev.parley.client.verify.Observation.Acked;
import dev.parley.client.verify.Observation.CaughtUp;
import dev.parley.client.verify.Observation.Follow;
import dev.parley.client.verify.Observation.Invoked;
import dev.parley.client.verify.Observation.Kind;
import dev.parley.client.verify.Observation.Loosen;
import dev.parley.client.verify.Observation.Membership;
import dev.parley.client.verify.Observation.Outage;
import dev.parley.client.verify.Observation.Refused;
import dev.parley.client.verify.Observation.Room;
import dev.parley.client.verify.Observation.Seen;
import dev.parley.client.verify.Observation.Settled;
import dev.parley.client.verify.Observation.Store;
import dev.parley.client.verify.Observation.Stream;
import dev.parley.client.verify.Observation.Unanswered;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Judges a history. A pure function of the observations and their order; it keeps about 200 bytes
/// for each message and nothing for a delivery. Not safe for use by several threads.
public final class Checker {
  private static final int EXAMPLES = 5;

  private final Map<Violation, Long> counts = new EnumMap<>(Violation.class);
  private final Map<Violation, List<String>> examples = new EnumMap<>(Violation.class);
  private final Map<String, String> roomOrgs = new HashMap<>();
  private final Map<String, RoomTruth> truths = new HashMap<>();
  private final Map<String, StreamState> streams = new HashMap<>();
  private final List<Settled> settled = new ArrayList<>();
  private final OpLedger ops = new OpLedger(this::found);
  private int finalBits;
  private long delivered;
  private @Nullable Report report;

  /// What is known of one stream.
  private record StreamState(
      Stream about, Map<String, StreamCheck> rooms, Map<String, Long> highest) {
    private StreamCheck room(String room) {
      return rooms.computeIfAbsent(room, id -> new StreamCheck(about.kind() == Kind.FINAL_REST));
    }
  }

  public Checker() {
    for (var violation : Violation.values()) {
      counts.put(violation, 0L);
    }
  }

  /// Takes in what happened next.
  public void accept(Observation observation) {
    switch (observation) {
      case Room room -> roomOrgs.put(room.room(), room.org());
      case Stream stream -> begin(stream);
      case Follow follow -> stream(follow.stream()).room(follow.room()).follow(follow.pos());
      case Loosen loosen -> stream(loosen.stream()).room(loosen.room()).loosen();
      case CaughtUp reached ->
          stream(reached.stream())
              .room(reached.room())
              .caughtUp(reached.pos(), what -> found(what, reached.toString()));
      case Invoked invoked -> ops.invoked(invoked);
      case Acked acked -> ops.acked(acked);
      case Refused refused -> ops.refused(refused);
      case Observation.Postponed postponed -> ops.postponed(postponed.op());
      case Unanswered unanswered -> ops.unanswered(unanswered);
      case Seen seen -> seen(seen);
      case Membership membership ->
          truth(membership.room())
              .membership(membership.user(), membership.pos(), membership.isMember());
      case Store store -> ops.store(store.at(), store.isUp());
      case Outage outage -> ops.outage(outage.at(), outage.isOver());
      case Observation.GaveUp gaveUp -> gaveUp(gaveUp);
      case Settled done -> settled.add(done);
    }
  }

  /// Judges what can only be judged when all is over.
  public Report report() {
    if (report == null) {
      report = conclude();
    }
    return report;
  }

  /// Distinct messages acknowledged so far.
  public long acked() {
    return ops.acked();
  }

  private Report conclude() {
    settled.forEach(this::concludeSettled);
    streams.values().forEach(this::concludeFences);
    ops.conclude(finalBits);
    return new Report(
        Map.copyOf(counts),
        Map.copyOf(examples),
        ops.sent(),
        ops.acked(),
        ops.acks(),
        ops.refusals(),
        delivered,
        ops.latencyNanos(0.5),
        ops.latencyNanos(0.99));
  }

  private void begin(Stream stream) {
    finalBits |= stream.kind().finalBit();
    streams.put(stream.stream(), new StreamState(stream, new HashMap<>(), new HashMap<>()));
  }

  private void seen(Seen seen) {
    delivered++;
    var stream = stream(seen.stream());
    stream.room(seen.room()).see(seen, what -> found(what, seen.toString()));
    stream.highest().merge(seen.room(), seen.pos(), Math::max);
    if (isForeign(seen, stream.about().org())) {
      found(Violation.LEAK, "seen in " + stream.about().org() + ": " + seen);
    }
    if (!truth(seen.room()).agrees(seen)) {
      found(Violation.DIVERGENT, seen.toString());
    }
    if (seen.op() != null) {
      ops.seen(seen, seen.op(), stream.about().kind().finalBit());
    } else if (seen.seq() > 0) {
      found(Violation.UNEXPECTED, "nobody sent this: " + seen);
    }
  }

  /// A reconnect heals it, so nothing else would show it.
  private void gaveUp(Observation.GaveUp gaveUp) {
    if (!ops.isExcused(gaveUp.at())) {
      found(Violation.STUCK, gaveUp.toString());
    }
  }

  private boolean isForeign(Seen seen, String org) {
    boolean isForeignBody = seen.org() != null && !seen.org().equals(org);
    return isForeignBody || !org.equals(roomOrgs.get(seen.room()));
  }

  private void concludeSettled(Settled done) {
    var check = stream(done.stream()).room(done.room());
    long missing = truth(done.room()).head() - check.pos();
    for (long i = 0; i < missing; i++) {
      found(Violation.UNSEEN, done.stream() + " misses the last " + missing + " of " + done.room());
    }
  }

  private void concludeFences(StreamState stream) {
    stream
        .highest()
        .forEach(
            (room, highest) -> {
              long fence = truth(room).fence(stream.about().user());
              if (highest > fence) {
                var name = stream.about().stream();
                found(Violation.AFTER_FENCE, name + " got " + highest + " after " + fence);
              }
            });
  }

  private StreamState stream(String name) {
    var stream = streams.get(name);
    if (stream == null) {
      throw new IllegalArgumentException("no such stream: " + name);
    }
    return stream;
  }

  private RoomTruth truth(String room) {
    return truths.computeIfAbsent(room, id -> new RoomTruth());
  }

  private void found(Violation violation, String example) {
    counts.merge(violation, 1L, Long::sum);
    var kept = examples.computeIfAbsent(violation, any -> new ArrayList<>());
    if (kept.size() < EXAMPLES) {
      kept.add(example);
    }
  }
}
