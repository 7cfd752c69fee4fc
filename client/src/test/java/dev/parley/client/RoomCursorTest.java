package dev.parley.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.protocol.Cursor;
import dev.parley.protocol.ServerEvent.Deleted;
import dev.parley.protocol.ServerEvent.InRoom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RoomCursorTest {
  private final RoomCursor cursor = new RoomCursor();

  @Test
  void aListenerStartsWithWhateverComesFirst() {
    assertThat(accept(7)).containsExactly(7L);
    assertThat(accept(8)).containsExactly(8L);
    assertThat(cursor.cursor()).isEmpty();
  }

  @Test
  void anOpenedRoomDeliversEachOnceAndInOrder() {
    cursor.open("k", 4);

    assertThat(accept(5)).containsExactly(5L);
    assertThat(accept(5)).isEmpty();
    assertThat(accept(3)).isEmpty();
    assertThat(accept(6)).containsExactly(6L);
    assertThat(cursor.cursor()).contains(new Cursor("k", 6));
  }

  @Test
  void whatComesEarlyIsHeldBackUntilTheHoleIsFilled() {
    cursor.open("k", 4);

    assertThat(accept(7)).isEmpty();
    assertThat(accept(8)).isEmpty();
    assertThat(cursor.hole()).hasValue(4);
    assertThat(accept(5)).containsExactly(5L);
    assertThat(accept(6)).containsExactly(6L, 7L, 8L);
    assertThat(cursor.hole()).isEmpty();
  }

  @Test
  void aHoleIsPulledByOnePullAtATime() {
    cursor.open("k", 4);
    accept(9);

    assertThat(cursor.hole()).hasValue(4);
    cursor.pulling();
    assertThat(cursor.hole()).isEmpty();
    accept(5);
    assertThat(cursor.pulled()).isTrue();
    assertThat(cursor.hole()).hasValue(5);
  }

  @Test
  void pullsThatBringNothingAreNotRepeatedForEver() {
    cursor.open("k", 4);
    cursor.reachesTo(9);

    cursor.pulling();
    assertThat(cursor.pulled()).isTrue();
    cursor.pulling();
    assertThat(cursor.pulled()).isTrue();
    cursor.pulling();
    assertThat(cursor.pulled()).isFalse();
  }

  @Test
  void theHeadTellsOfAHoleAtTheEnd() {
    cursor.open("k", 4);
    cursor.reachesTo(6);

    assertThat(cursor.hole()).hasValue(4);
  }

  @Test
  void anotherEpochVoidsAnOpenedRoomOnly() {
    assertThat(cursor.follow("k1", 10)).isFalse();
    assertThat(cursor.follow("k2", 3)).isFalse();
    assertThat(cursor.pos()).isEqualTo(3);

    cursor.openHere();
    assertThat(cursor.follow("k2", 9)).isFalse();
    assertThat(cursor.pos()).as("the replay brings 4 to 9").isEqualTo(3);
    assertThat(cursor.follow("k3", 9)).isTrue();
  }

  @Test
  void openingWithACursorOfAnotherEpochIsVoid() {
    cursor.follow("k2", 10);

    assertThat(cursor.open("k1", 5)).isTrue();
  }

  @Test
  void openingFromTheBeginningLearnsTheEpochLater() {
    cursor.open(null, 0);
    assertThat(cursor.cursor()).isEmpty();
    assertThat(cursor.blind()).hasValue(0);

    cursor.follow("k", 10);
    cursor.reachesTo(10);
    assertThat(cursor.cursor()).contains(new Cursor("k", 0));
    assertThat(cursor.hole()).hasValue(0);
  }

  @Test
  void openingBackwardsPullsUpToWhatIsKnown() {
    cursor.follow("k", 10);

    cursor.open(null, 0);

    assertThat(cursor.hole()).hasValue(0);
  }

  @Test
  void theHeldBackAreBounded() {
    cursor.open("k", 0);
    LongStream.rangeClosed(2, RoomCursor.HELD + 100).forEach(this::accept);

    assertThat(accept(1)).hasSize(RoomCursor.HELD + 1);
    assertThat(cursor.hole()).hasValue(RoomCursor.HELD + 1);
  }

  @Test
  void aNewConnectionStartsAtTheCursor() {
    cursor.open("k", 4);
    accept(9);
    cursor.pulling();

    cursor.disconnected();

    assertThat(cursor.hole()).isEmpty();
    assertThat(cursor.blind()).hasValue(4);
    assertThat(accept(5)).containsExactly(5L);
  }

  /// Whatever the network loses, repeats or swaps: with pulls, everything arrives once, in order.
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void chaosIsSortedOut(long seed) {
    var random = new Random(seed);
    var delivered = new ArrayList<Long>();
    cursor.open("k", 0);
    for (long pos = 1; pos <= 2_000; pos++) {
      if (random.nextInt(10) > 0) {
        delivered.addAll(accept(Math.max(1, pos - random.nextInt(3) + random.nextInt(3))));
      }
      if (random.nextInt(50) == 0) {
        cursor.disconnected();
      }
    }
    cursor.reachesTo(2_000);
    pullAll(delivered);

    var upTo = delivered.size();
    assertThat(upTo).isGreaterThanOrEqualTo(2_000);
    assertThat(delivered).isEqualTo(LongStream.rangeClosed(1, upTo).boxed().toList());
  }

  private void pullAll(List<Long> delivered) {
    for (var hole = cursor.hole(); hole.isPresent(); hole = cursor.hole()) {
      cursor.pulling();
      for (long pos = hole.getAsLong() + 1; pos <= hole.getAsLong() + 50; pos++) {
        delivered.addAll(accept(pos));
      }
      assertThat(cursor.pulled()).isTrue();
    }
  }

  private List<Long> accept(long pos) {
    return cursor.accept(event(pos)).stream().map(InRoom::pos).toList();
  }

  static InRoom event(long pos) {
    return new Deleted("room", pos, "user", pos, Instant.EPOCH);
  }
}
