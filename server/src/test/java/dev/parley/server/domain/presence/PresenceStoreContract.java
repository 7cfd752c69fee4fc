package dev.parley.server.domain.presence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.server.base.UserId;
import dev.parley.server.domain.presence.PresenceStore.Swept;
import dev.parley.server.domain.presence.PresenceStore.Turn;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What every [PresenceStore] promises.
public abstract class PresenceStoreContract {
  private static final Circle ROOMS = new Circle("rooms");
  private static final UserId ANN = new UserId("ann");
  private static final UserId BOB = new UserId("bob");
  private static final UserId CEM = new UserId("cem");
  private static final Swept NOBODY = new Swept(Set.of(), false);

  /// The store to be tried; an empty one in each test.
  protected abstract PresenceStore store();

  /// Lets this much time pass.
  protected abstract void pass(Duration time);

  @Test
  void somebodyIsOnlineUntilTheLastNodeLetsThemGo() {
    assertThat(enter("a", ANN)).isEqualTo(new Turn(Set.of(ANN), Set.of()));
    assertThat(enter("b", ANN)).isEqualTo(new Turn(Set.of(), Set.of()));
    assertThat(leave("a", ANN)).isEqualTo(new Turn(Set.of(), Set.of()));
    assertThat(store().online(List.of(ANN, BOB))).containsExactly(ANN);
    assertThat(leave("b", ANN)).isEqualTo(new Turn(Set.of(), Set.of(ANN)));
    assertThat(store().online(List.of(ANN))).isEmpty();
  }

  @Test
  void anotherCircleKeepsSomebodyOnlineToo() {
    enter("a", ANN);
    var rooms = new Sighting(ROOMS, ANN);
    assertThat(store().turn("a", List.of(rooms), List.of(of(ANN))))
        .isEqualTo(new Turn(Set.of(), Set.of()));
    assertThat(store().list(Circle.NATIVE, Optional.empty(), 10)).isEmpty();
    assertThat(store().list(ROOMS, Optional.empty(), 10)).containsExactly(ANN);
    assertThat(store().online(List.of(ANN))).containsExactly(ANN);
    assertThat(store().online(ROOMS, List.of(ANN, BOB))).containsExactly(ANN);
    assertThat(store().online(Circle.NATIVE, List.of(ANN))).isEmpty();
  }

  @Test
  void sayingItTwiceChangesNothing() {
    enter("a", ANN);
    assertThat(enter("a", ANN)).isEqualTo(new Turn(Set.of(), Set.of()));
    assertThat(leave("a", ANN)).isEqualTo(new Turn(Set.of(), Set.of(ANN)));
    assertThat(leave("a", ANN)).isEqualTo(new Turn(Set.of(), Set.of()));
  }

  @Test
  void aNodeThatDiesTakesItsPeopleWithIt() {
    enter("dead", ANN);
    enter("dead", BOB);
    enter("alive", BOB);
    pass(PresenceStore.EXPIRY.minusSeconds(10));
    store().beat("alive", List.of(of(BOB)));
    assertThat(store().sweep()).isEqualTo(NOBODY);
    assertThat(store().online(List.of(ANN, BOB))).containsExactlyInAnyOrder(ANN, BOB);
    pass(Duration.ofSeconds(11));
    assertThat(store().online(List.of(ANN, BOB))).containsExactly(BOB);
    assertThat(store().list(Circle.NATIVE, Optional.empty(), 10)).containsExactly(BOB);
    assertThat(store().sweep()).isEqualTo(new Swept(Set.of(ANN), false));
    assertThat(store().sweep()).isEqualTo(NOBODY);
    assertThat(store().online(List.of(ANN, BOB))).containsExactly(BOB);
  }

  @Test
  void whoCameBackBeforeTheSweepNeverWent() {
    enter("dead", ANN);
    pass(PresenceStore.EXPIRY.plusSeconds(1));
    assertThat(enter("alive", ANN)).isEqualTo(new Turn(Set.of(), Set.of()));
    assertThat(store().online(List.of(ANN))).containsExactly(ANN);
    assertThat(store().sweep()).isEqualTo(NOBODY);
    assertThat(leave("alive", ANN)).isEqualTo(new Turn(Set.of(), Set.of(ANN)));
  }

  @Test
  void manyAreSweptAwayPartByPart() {
    var many = IntStream.range(0, 600).mapToObj(i -> of(new UserId("user" + i))).toList();
    store().turn("dead", many.subList(0, 512), List.of());
    store().turn("dead", many.subList(512, 600), List.of());
    pass(PresenceStore.EXPIRY.plusSeconds(1));
    var first = store().sweep();
    assertThat(first.offline()).hasSize(512);
    assertThat(first.more()).isTrue();
    var second = store().sweep();
    assertThat(second.offline()).hasSize(88).doesNotContainAnyElementsOf(first.offline());
    assertThat(second.more()).isFalse();
  }

  @Test
  void whatWasLostIsBackAfterABeat() {
    store().beat("a", List.of(of(ANN)));
    assertThat(store().online(List.of(ANN))).containsExactly(ANN);
  }

  @Test
  void circlesAreReadPageByPage() {
    List.of(CEM, ANN, BOB).forEach(user -> enter("a", user));
    enter("b", BOB);
    assertThat(store().list(Circle.NATIVE, Optional.empty(), 2)).containsExactly(ANN, BOB);
    assertThat(store().list(Circle.NATIVE, Optional.of(BOB), 2)).containsExactly(CEM);
    assertThat(store().list(ROOMS, Optional.empty(), 2)).isEmpty();
  }

  @Test
  void theOrderIsThatOfTheIdsWhateverTheirCharacters() {
    var ids =
        Stream.of("a", "a ", "ab", "z", "é", "界", "\uD83D\uDE00", "\uFF21")
            .map(UserId::new)
            .sorted()
            .toList();
    ids.reversed().forEach(user -> enter("a", user));
    var read = new ArrayList<UserId>();
    var page = store().list(Circle.NATIVE, Optional.empty(), 3);
    while (!page.isEmpty()) {
      read.addAll(page);
      page = store().list(Circle.NATIVE, Optional.of(page.getLast()), 3);
    }
    assertThat(read).isEqualTo(ids);
    assertThat(store().online(List.of(new UserId("a")))).hasSize(1);
    leave("a", new UserId("a"));
    assertThat(store().online(List.of(new UserId("a")))).isEmpty();
  }

  private Turn enter(String node, UserId user) {
    return store().turn(node, List.of(of(user)), List.of());
  }

  private Turn leave(String node, UserId user) {
    return store().turn(node, List.of(), List.of(of(user)));
  }

  private static Sighting of(UserId user) {
    return new Sighting(Circle.NATIVE, user);
  }
}
