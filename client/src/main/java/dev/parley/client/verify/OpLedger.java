package dev.parley.client.verify;

import dev.parley.client.verify.Observation.Acked;
import dev.parley.client.verify.Observation.Invoked;
import dev.parley.client.verify.Observation.Refused;
import dev.parley.client.verify.Observation.Seen;
import dev.parley.client.verify.Observation.Unanswered;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

/// The life of every `op`: who sent it, what was answered, where it was seen.
final class OpLedger {
  /// The writer lanes find the database again up to a quarter of a second after it is ready. Longer
  /// than any client waits.
  private static final long PATIENCE_NANOS = TimeUnit.MINUTES.toNanos(1);

  private static final long OUTAGE_TAIL_NANOS = 1_000_000_000L;

  private final Map<UUID, Op> ops = new LinkedHashMap<>(); // in the order of the first attempt
  private final Map<String, Long> ackedSeqs = new HashMap<>(); // room -> highest
  private final BiConsumer<Violation, String> violations;
  private long[] latencies = new long[1_024];
  private int acked;
  private long acks;
  private long refusals;
  private long downSince = Long.MAX_VALUE;
  private long outageSince = Long.MAX_VALUE;
  private long outageUntil = Long.MIN_VALUE;

  OpLedger(BiConsumer<Violation, String> violations) {
    this.violations = violations;
  }

  /// One `op`.
  private static final class Op {
    private final String client;
    private final String room;
    private final long hash;
    private final long invokedAt;
    private final long floorSeq;
    private boolean shared;
    private boolean postponed;
    private boolean inOutage;
    private int attempts;
    private int refused;
    private int unanswered;
    private boolean stuck;
    private long ackedPos;
    private long ackedSeq;
    private long ackedId;
    private long pos;
    private long seq;
    private long messageId;
    private int finals;
    private boolean twice;

    private Op(Invoked first, long floorSeq) {
      this.client = first.client();
      this.room = first.room();
      this.hash = first.hash();
      this.invokedAt = first.at();
      this.floorSeq = floorSeq;
    }

    private boolean isAcked() {
      return ackedPos > 0;
    }

    private boolean isStored() {
      return pos > 0;
    }
  }

  void invoked(Invoked invoked) {
    var op =
        ops.computeIfAbsent(
            invoked.op(), id -> new Op(invoked, ackedSeqs.getOrDefault(invoked.room(), 0L)));
    op.attempts++;
    op.inOutage |= invoked.at() >= outageSince || invoked.at() <= outageUntil;
    op.shared |= !op.client.equals(invoked.client());
  }

  void acked(Acked ok) {
    var op = ops.get(ok.op());
    if (op == null) {
      violations.accept(Violation.UNEXPECTED, "ok for an op that nobody sent: " + ok);
      return;
    }
    acks++;
    if (op.invokedAt > downSince) {
      violations.accept(Violation.FALSE_ACK, "ok while the store was down: " + ok);
    }
    if (op.isAcked()) {
      again(op, ok);
      return;
    }
    op.ackedPos = ok.pos();
    op.ackedSeq = ok.seq();
    op.ackedId = ok.messageId();
    ackedSeqs.merge(op.room, ok.seq(), Math::max);
    keepLatency(ok.at() - op.invokedAt);
  }

  void refused(Refused refused) {
    var op = ops.get(refused.op());
    if (op == null) {
      return;
    }
    refusals++;
    op.refused++;
    if (refused.code().equals("idempotency_mismatch")) {
      violations.accept(Violation.ACK_MISMATCH, "the same body is called another one: " + refused);
    }
  }

  void postponed(UUID id) {
    var op = ops.get(id);
    if (op != null) {
      op.postponed = true;
    }
  }

  void unanswered(Unanswered unanswered) {
    var op = ops.get(unanswered.op());
    if (op != null) {
      op.unanswered++;
      op.stuck |= unanswered.isStuck();
    }
  }

  void store(long at, boolean isUp) {
    downSince = isUp ? Long.MAX_VALUE : at;
  }

  /// While it lasts, the server refuses for now what it is sent, and the refusal may be lost with a
  /// connection that is cut. Such a message is sent again and stored later, rightly, and nobody saw
  /// why; so the order of the messages that were under way then is not judged.
  void outage(long at, boolean isOver) {
    if (isOver) {
      outageSince = Long.MAX_VALUE;
      outageUntil = at + OUTAGE_TAIL_NANOS;
      return;
    }
    outageSince = at;
    ops.values().stream().filter(op -> !op.isAcked()).forEach(op -> op.inOutage = true);
  }

  /// Whether whoever has waited up to now may have waited because of an outage.
  boolean isExcused(long at) {
    return at >= outageSince
        || (outageUntil != Long.MIN_VALUE && at <= outageUntil + PATIENCE_NANOS);
  }

  /// A message was seen, at its place, by a witness with this bit if it is a final one.
  void seen(Seen seen, UUID id, int finalBit) {
    var op = ops.get(id);
    if (op == null || !op.room.equals(seen.room()) || op.hash != seen.hash()) {
      violations.accept(Violation.UNEXPECTED, "nobody sent this: " + seen);
      return;
    }
    op.finals |= finalBit;
    if (!op.isStored()) {
      op.pos = seen.pos();
      op.seq = seen.seq();
      op.messageId = seen.messageId();
    } else if (op.pos != seen.pos() && !op.twice) {
      op.twice = true;
      violations.accept(Violation.DUP_STORE, "also at pos " + op.pos + ": " + seen);
    }
  }

  /// Judges what can only be judged when all is over.
  ///
  /// @param finalBits of the final witnesses that read everything
  void conclude(int finalBits) {
    var lastSeqs = new HashMap<String, Long>();
    ops.forEach(
        (id, op) -> {
          concludeAnswer(id, op, finalBits);
          concludeOrder(id, op, lastSeqs);
        });
  }

  /// Distinct messages that were acknowledged.
  long acked() {
    return acked;
  }

  /// Distinct messages that were sent.
  long sent() {
    return ops.size();
  }

  /// All `ok`s, also those for repeated attempts.
  long acks() {
    return acks;
  }

  /// All errors.
  long refusals() {
    return refusals;
  }

  /// From the first attempt to the first `ok`.
  long latencyNanos(double quantile) {
    var sorted = Arrays.copyOf(latencies, acked);
    Arrays.sort(sorted);
    return acked == 0 ? 0 : sorted[(int) Math.min(acked - 1, Math.floor(quantile * acked))];
  }

  private void again(Op op, Acked ok) {
    if (op.ackedPos != ok.pos() || op.ackedSeq != ok.seq() || op.ackedId != ok.messageId()) {
      violations.accept(
          Violation.ACK_MISMATCH, "an earlier ok said pos " + op.ackedPos + ": " + ok);
    }
  }

  private void concludeAnswer(UUID id, Op op, int finalBits) {
    if (op.isAcked()) {
      if ((op.finals & finalBits) != finalBits || finalBits == 0) {
        violations.accept(Violation.LOST, "op " + id + " acked at pos " + op.ackedPos);
      } else if (isElsewhere(op)) {
        violations.accept(
            Violation.ACK_MISMATCH, "op " + id + ": ok " + op.ackedPos + ", log " + op.pos);
      }
    } else if (op.isStored()) {
      boolean mayBe = op.unanswered > 0 || op.refused < op.attempts;
      violations.accept(
          mayBe ? Violation.RECOVERED : Violation.PHANTOM, "op " + id + " at pos " + op.pos);
    }
    if (op.stuck) {
      violations.accept(Violation.STUCK, "op " + id + " in room " + op.room);
    }
  }

  private static boolean isElsewhere(Op op) {
    return op.ackedPos != op.pos || op.ackedSeq != op.seq || op.ackedId != op.messageId;
  }

  private void concludeOrder(UUID id, Op op, Map<String, Long> lastSeqs) {
    if (!op.isStored()) {
      return;
    }
    if (op.seq <= op.floorSeq) {
      violations.accept(
          Violation.OVERTAKEN, "op " + id + " has seq " + op.seq + ", acked was " + op.floorSeq);
    }
    if (op.shared || op.postponed || op.inOutage || op.refused > 0) {
      return;
    }
    var last = lastSeqs.put(op.client + " " + op.room, op.seq);
    if (last != null && op.seq < last) {
      violations.accept(Violation.FIFO, "op " + id + " has seq " + op.seq + " after " + last);
    }
  }

  private void keepLatency(long nanos) {
    if (acked == latencies.length) {
      latencies = Arrays.copyOf(latencies, acked * 2);
    }
    latencies[acked++] = nanos;
  }
}
