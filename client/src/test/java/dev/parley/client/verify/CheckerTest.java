package dev.parley.client.verify;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Each class of violation is planted in a history and must be found, and nothing else with it;
/// clean histories must pass.
class CheckerTest {
  private static final String ROOM = "r1";

  private final Checker checker = new Checker();
  private long now;
  private boolean allowRecovered;

  CheckerTest() {
    checker.accept(new Room(ROOM, "A"));
    checker.accept(new Room("r2", "B"));
    stream("live", Kind.CLIENT);
    checker.accept(new Follow("live", ROOM, 0));
  }

  @Test
  void aCleanHistoryPasses() {
    send(op(1), 1);
    ack(op(1), 1);
    see("live", op(1), 1);
    finish(1);

    assertFound();
    assertThat(checker.report().isClean()).isTrue();
  }

  @Test
  void anEmptyHistoryProvesNothing() {
    assertThat(checker.report().isClean()).isFalse();
  }

  @Test
  void whatWasNeverAnsweredMayBeThere() {
    send(op(1), 1);
    ack(op(1), 1);
    send(op(2), 2);
    checker.accept(new Unanswered(op(2), false));
    finish(1, 2);

    assertFound(Violation.RECOVERED);
    assertThat(checker.report().isClean()).isTrue();
  }

  @Test
  void whatWasNeverAnsweredMayBeAbsent() {
    send(op(1), 1);
    checker.accept(new Unanswered(op(1), false));
    finish();

    assertFound();
  }

  @Test
  void whatWasRefusedMayBeSentAgain() {
    send(op(1), 1);
    refuse(op(1));
    send(op(1), 1);
    ack(op(1), 1);
    finish(1);

    assertFound();
  }

  @Test
  void lostIfNoWitnessHasIt() {
    send(op(1), 1);
    ack(op(1), 1);
    finish();

    assertFound(Violation.LOST);
  }

  @Test
  void lostIfOneOfTheFinalWitnessesDoesNotHaveIt() {
    send(op(1), 1);
    ack(op(1), 1);
    stream("rest", Kind.FINAL_REST);
    stream("resume", Kind.FINAL_RESUME);
    see("rest", op(1), 1);

    assertFound(Violation.LOST);
  }

  @Test
  void lostIfOnlySeenLive() {
    send(op(1), 1);
    ack(op(1), 1);
    see("live", op(1), 1);
    finish();

    assertFound(Violation.LOST);
  }

  @Test
  void phantom() {
    send(op(1), 1);
    refuse(op(1));
    finish(1);

    assertFound(Violation.PHANTOM);
  }

  @Test
  void unexpectedIfNobodySentIt() {
    finish(1);

    assertFound(Violation.UNEXPECTED);
  }

  @Test
  void unexpectedIfTheBodyIsAnother() {
    send(op(1), 99);
    finish(1);

    assertThat(found()).contains(Violation.UNEXPECTED);
  }

  @Test
  void unexpectedIfItHasNoOp() {
    checker.accept(new Seen("live", ROOM, 1, 1, 1, 1, null, null));

    assertFound(Violation.UNEXPECTED);
  }

  @Test
  void unexpectedInAnotherRoom() {
    checker.accept(new Room("r3", "A"));
    send(op(1), 1);
    checker.accept(new Seen("live", "r3", 1, 1, 1, 1, "A", op(1)));

    assertFound(Violation.UNEXPECTED);
  }

  @Test
  void dupStore() {
    send(op(1), 1);
    ack(op(1), 1);
    finish(1, 1);

    assertFound(Violation.DUP_STORE);
  }

  @Test
  void dupDelivery() {
    send(op(1), 1);
    ack(op(1), 1);
    see("live", op(1), 1);
    see("live", op(1), 1);
    finish(1);

    assertFound(Violation.DUP_DELIVERY);
  }

  @Test
  void resumingOneTooEarlyIsADupDelivery() {
    sendAndFinish(3);
    follow("conn", 2);
    see("conn", op(2), 2);
    see("conn", op(3), 3);

    assertFound(Violation.DUP_DELIVERY);
  }

  @Test
  void resumingOneTooLateIsAGap() {
    sendAndFinish(3);
    follow("conn", 1);
    see("conn", op(3), 3);

    assertFound(Violation.GAP);
  }

  @Test
  void gapInTheMiddle() {
    sendAndFinish(3);
    see("live", op(1), 1);
    see("live", op(3), 3);

    assertFound(Violation.GAP);
  }

  @Test
  void gapAtTheEndOfAReplay() {
    sendAndFinish(3);
    follow("conn", 0);
    see("conn", op(1), 1);
    see("conn", op(2), 2);
    checker.accept(new CaughtUp("conn", ROOM, 3));

    assertFound(Violation.GAP);
  }

  @Test
  void noGapWhenTheReplayIsComplete() {
    sendAndFinish(3);
    follow("conn", 2);
    see("conn", op(3), 3);
    checker.accept(new CaughtUp("conn", ROOM, 3));

    assertFound();
  }

  @Test
  void gapInSeqAlthoughPosIsWhole() {
    for (int i = 1; i <= 2; i++) {
      send(op(i), i);
    }
    checker.accept(new Seen("live", ROOM, 1, 1, 1, 1, "A", op(1)));
    checker.accept(new Seen("live", ROOM, 2, 3, 2, 2, "A", op(2)));

    assertThat(found()).contains(Violation.GAP);
  }

  @Test
  void otherEventsTakeAPosButNoSeq() {
    sendAndFinishNothing(2);
    checker.accept(new Seen("live", ROOM, 1, 0, 0, 77, null, null));
    checker.accept(new Seen("live", ROOM, 2, 1, 1, 1, "A", op(1)));
    checker.accept(new Seen("live", ROOM, 3, 0, 0, 78, null, null));
    checker.accept(new Seen("live", ROOM, 4, 2, 2, 2, "A", op(2)));

    assertFound();
  }

  @Test
  void gapInTheHistoryOverHttpIsJudgedBySeq() {
    sendAndFinishNothing(3);
    stream("rest", Kind.FINAL_REST);
    checker.accept(new Follow("rest", ROOM, 0));
    checker.accept(new Seen("rest", ROOM, 5, 1, 1, 1, "A", op(1)));
    checker.accept(new Seen("rest", ROOM, 9, 3, 3, 3, "A", op(3)));

    assertFound(Violation.GAP, Violation.RECOVERED);
  }

  @Test
  void disorder() {
    sendAndFinish(3);
    see("live", op(1), 1);
    see("live", op(3), 3);
    see("live", op(2), 2);

    assertFound(Violation.GAP, Violation.DISORDER);
  }

  @Test
  void aLooseStreamIsNotJudgedByItsOrder() {
    sendAndFinish(3);
    checker.accept(new Loosen("live", ROOM));
    see("live", op(3), 3);
    see("live", op(1), 1);
    see("live", op(1), 1);

    assertFound();
  }

  @Test
  void divergentIfTheBodyDiffers() {
    sendAndFinish(1);
    checker.accept(new Seen("live", ROOM, 1, 1, 1, 666, "A", null));

    assertThat(found()).contains(Violation.DIVERGENT);
  }

  @Test
  void divergentIfTheIdDiffers() {
    sendAndFinish(1);
    checker.accept(new Seen("live", ROOM, 1, 1, 666, 1, "A", op(1)));

    assertFound(Violation.DIVERGENT);
  }

  @Test
  void ackMismatchWithTheLog() {
    send(op(1), 1);
    checker.accept(new Acked(tick(), op(1), 1, 2, 1));
    finish(1);

    assertFound(Violation.ACK_MISMATCH);
  }

  @Test
  void ackMismatchBetweenTwoAnswers() {
    send(op(1), 1);
    ack(op(1), 1);
    checker.accept(new Acked(tick(), op(1), 2, 2, 2));
    finish(1);

    assertFound(Violation.ACK_MISMATCH);
  }

  @Test
  void ackMismatchIfTheSameBodyIsCalledAnother() {
    send(op(1), 1);
    ack(op(1), 1);
    checker.accept(new Refused(tick(), op(1), "idempotency_mismatch"));
    finish(1);

    assertFound(Violation.ACK_MISMATCH);
  }

  @Test
  void leakOfABody() {
    send(op(1), 1);
    stream("live", Kind.CLIENT);
    checker.accept(new Seen("live", ROOM, 1, 1, 1, 1, "B", op(1)));

    assertThat(found()).contains(Violation.LEAK);
  }

  @Test
  void leakOfARoom() {
    checker.accept(new Seen("live", "r2", 1, 0, 0, 1, null, null));

    assertFound(Violation.LEAK);
  }

  @Test
  void afterFence() {
    sendAndFinish(3);
    checker.accept(new Stream("removed", Kind.CONNECTION, "eve", "A"));
    checker.accept(new Follow("removed", ROOM, 0));
    see("removed", op(1), 1);
    see("removed", op(2), 2);
    checker.accept(new Membership(ROOM, 1, "eve", false));

    assertFound(Violation.AFTER_FENCE);
  }

  @Test
  void theRemovalItselfMayBeSeen() {
    sendAndFinish(3);
    checker.accept(new Stream("removed", Kind.CONNECTION, "eve", "A"));
    checker.accept(new Follow("removed", ROOM, 0));
    see("removed", op(1), 1);
    checker.accept(new Membership(ROOM, 1, "eve", false));
    checker.accept(new Membership(ROOM, 2, "bob", false));

    assertFound();
  }

  @Test
  void whoComesBackMaySeeAgain() {
    sendAndFinish(3);
    checker.accept(new Stream("removed", Kind.CONNECTION, "eve", "A"));
    checker.accept(new Follow("removed", ROOM, 0));
    see("removed", op(1), 1);
    see("removed", op(2), 2);
    checker.accept(new Membership(ROOM, 1, "eve", false));
    checker.accept(new Membership(ROOM, 2, "eve", true));

    assertFound();
  }

  @Test
  void falseAck() {
    checker.accept(new Store(tick(), false));
    send(op(1), 1);
    ack(op(1), 1);
    checker.accept(new Store(tick(), true));
    finish(1);

    assertFound(Violation.FALSE_ACK);
  }

  @Test
  void anOkForWhatWasSentBeforeTheStoreDiedMayBeLate() {
    send(op(1), 1);
    checker.accept(new Store(tick(), false));
    ack(op(1), 1);
    checker.accept(new Store(tick(), true));
    finish(1);

    assertFound();
  }

  @Test
  void overtaken() {
    send(op(2), 2);
    ack(op(2), 2);
    checker.accept(new Invoked(tick(), op(1), "other", ROOM, 1));
    finish(1, 2);

    assertFound(Violation.OVERTAKEN, Violation.RECOVERED);
  }

  @Test
  void inAnOutageARefusalMayBeLostWithItsConnection() {
    send(op(2), 2);
    checker.accept(new Outage(tick(), false));
    send(op(1), 1);
    ack(op(1), 1);
    checker.accept(new Outage(tick(), true));
    ack(op(2), 2);
    finish(1, 2);

    assertFound();
  }

  @Test
  void whoWaitsInVainIsStuckThoughAReconnectHealsIt() {
    checker.accept(new Observation.GaveUp(tick(), "reader", "the server owes an answer"));
    finish();

    assertFound(Violation.STUCK);
  }

  @Test
  void inAnOutageOneMayWaitInVain() {
    checker.accept(new Outage(tick(), false));
    checker.accept(new Observation.GaveUp(tick(), "reader", "the server owes an answer"));
    checker.accept(new Outage(tick(), true));
    checker.accept(new Observation.GaveUp(tick(), "reader", "the server owes an answer"));
    finish();

    assertFound();
  }

  @Test
  void anOutageExcusesNothingThatWasOverBefore() {
    send(op(2), 2);
    send(op(1), 1);
    ack(op(1), 1);
    ack(op(2), 2);
    checker.accept(new Outage(tick(), false));
    checker.accept(new Outage(tick(), true));
    finish(1, 2);

    assertFound(Violation.FIFO);
  }

  @Test
  void fifo() {
    send(op(2), 2);
    send(op(1), 1);
    ack(op(1), 1);
    ack(op(2), 2);
    finish(1, 2);

    assertFound(Violation.FIFO);
  }

  @Test
  void whatSeveralClientsSendHasNoOrder() {
    send(op(2), 2);
    send(op(1), 1);
    checker.accept(new Invoked(tick(), op(1), "other", ROOM, 1));
    ack(op(1), 1);
    ack(op(2), 2);
    finish(1, 2);

    assertFound();
  }

  @Test
  void whatWasPostponedHasNoOrder() {
    send(op(2), 2);
    checker.accept(new Observation.Postponed(op(2)));
    send(op(1), 1);
    ack(op(1), 1);
    ack(op(2), 2);
    finish(1, 2);

    assertFound();
  }

  @Test
  void stuck() {
    send(op(1), 1);
    ack(op(1), 1);
    send(op(2), 2);
    checker.accept(new Unanswered(op(2), true));
    finish(1);

    assertFound(Violation.STUCK);
  }

  @Test
  void unseen() {
    sendAndFinish(3);
    see("live", op(1), 1);
    checker.accept(new Settled("live", ROOM));

    assertThat(checker.report().count(Violation.UNSEEN)).isEqualTo(2);
  }

  @Test
  void latencyIsFromTheFirstAttemptToTheFirstOk() {
    send(op(1), 1);
    now += 100;
    ack(op(1), 1);
    now += 900;
    ack(op(1), 1);

    assertThat(checker.report().latencyP50Nanos()).isEqualTo(101);
  }

  /// A long random history of a faultless server, with resends, cuts and refusals, is clean; the
  /// same one with a single fault is not.
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void aSingleFaultAmongManyIsFound(long seed) {
    assertThat(new FaultlessServer(seed).run(false).isClean()).isTrue();
    assertThat(new FaultlessServer(seed).run(true).isClean()).isFalse();
  }

  private void sendAndFinish(int messages) {
    for (int i = 1; i <= messages; i++) {
      send(op(i), i);
      ack(op(i), i);
    }
    int[] all = IntStream.rangeClosed(1, messages).toArray();
    finish(all);
  }

  private void sendAndFinishNothing(int messages) {
    for (int i = 1; i <= messages; i++) {
      checker.accept(new Invoked(tick(), op(i), "c" + i, ROOM, i));
      checker.accept(new Unanswered(op(i), false));
    }
    allowRecovered = true;
  }

  private void stream(String name, Kind kind) {
    checker.accept(new Stream(name, kind, "ann", "A"));
  }

  private void follow(String name, long after) {
    stream(name, Kind.CONNECTION);
    checker.accept(new Follow(name, ROOM, after));
  }

  private void send(UUID op, long hash) {
    checker.accept(new Invoked(tick(), op, "c1", ROOM, hash));
  }

  private void ack(UUID op, long place) {
    checker.accept(new Acked(tick(), op, place, place, place));
  }

  private void refuse(UUID op) {
    checker.accept(new Refused(tick(), op, "busy"));
  }

  private void see(String stream, UUID op, long place) {
    checker.accept(seen(stream, op, place));
  }

  private static Seen seen(String stream, UUID op, long place) {
    long hash = op.getLeastSignificantBits();
    return new Seen(stream, ROOM, place, place, place, hash, "A", op);
  }

  /// The final history: ops in the order of their places.
  private void finish(int... ops) {
    stream("resume", Kind.FINAL_RESUME);
    stream("rest", Kind.FINAL_REST);
    checker.accept(new Follow("resume", ROOM, 0));
    checker.accept(new Follow("rest", ROOM, 0));
    for (int i = 0; i < ops.length; i++) {
      see("resume", op(ops[i]), i + 1);
      see("rest", op(ops[i]), i + 1);
    }
  }

  private static UUID op(long number) {
    return new UUID(7, number);
  }

  private long tick() {
    return ++now;
  }

  private void assertFound(Violation... expected) {
    var found = found();
    if (allowRecovered && !Set.of(expected).contains(Violation.RECOVERED)) {
      found.remove(Violation.RECOVERED);
    }
    assertThat(found).containsExactlyInAnyOrder(expected);
  }

  private Set<Violation> found() {
    var report = checker.report();
    var found = EnumSet.noneOf(Violation.class);
    for (var violation : Violation.values()) {
      if (report.count(violation) > 0) {
        found.add(violation);
      }
    }
    return found;
  }

  /// Makes the history of a room that works, by chance; optionally with one fault.
  private static final class FaultlessServer {
    private static final int MESSAGES = 3_000;
    private final Random random;
    private final Checker checker = new Checker();
    private final List<UUID> log = new ArrayList<>();
    private final long[] cursors = new long[5];
    private int connections;
    private long now;

    FaultlessServer(long seed) {
      random = new Random(seed);
      checker.accept(new Room(ROOM, "A"));
      for (int reader = 0; reader < cursors.length; reader++) {
        checker.accept(new Stream("client" + reader, Kind.CLIENT, "u" + reader, "A"));
        checker.accept(new Follow("client" + reader, ROOM, 0));
      }
    }

    Report run(boolean withFault) {
      int fault = withFault ? 100 + random.nextInt(MESSAGES - 200) : -1;
      for (int i = 1; i <= MESSAGES; i++) {
        step(i, i == fault);
      }
      for (int reader = 0; reader < cursors.length; reader++) {
        catchUp(reader, false);
        checker.accept(new Settled("client" + reader, ROOM));
      }
      finish("rest", Kind.FINAL_REST, fault);
      finish("resume", Kind.FINAL_RESUME, fault);
      return checker.report();
    }

    private void step(int number, boolean isFaulty) {
      var op = op(number);
      checker.accept(new Invoked(++now, op, "c" + number % 3, ROOM, number));
      if (!isFaulty && random.nextInt(20) == 0) {
        checker.accept(new Refused(++now, op, "busy"));
        return;
      }
      log.add(op);
      for (int ok = random.nextInt(10) == 0 ? 2 : 1; ok > 0; ok--) {
        checker.accept(new Acked(++now, op, log.size(), log.size(), log.size()));
      }
      catchUp(random.nextInt(cursors.length), isFaulty && random.nextBoolean());
    }

    private void catchUp(int reader, boolean isFaulty) {
      var connection = "conn" + ++connections;
      checker.accept(new Stream(connection, Kind.CONNECTION, "u" + reader, "A"));
      checker.accept(new Follow(connection, ROOM, cursors[reader]));
      long from = cursors[reader] + (isFaulty ? 2 : 1);
      for (long pos = from; pos <= log.size(); pos++) {
        checker.accept(seen(connection, log.get((int) pos - 1), pos));
        checker.accept(seen("client" + reader, log.get((int) pos - 1), pos));
      }
      checker.accept(new CaughtUp(connection, ROOM, log.size()));
      cursors[reader] = log.size();
    }

    private void finish(String name, Kind kind, int fault) {
      checker.accept(new Stream(name, kind, "fresh", "A"));
      checker.accept(new Follow(name, ROOM, 0));
      for (int pos = 1; pos <= log.size(); pos++) {
        if (pos != fault) {
          checker.accept(seen(name, log.get(pos - 1), pos));
        }
      }
    }
  }
}
