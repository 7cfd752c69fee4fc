package dev.parley.server.domain.presence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.server.adapter.memory.MemoryEventBus;
import dev.parley.server.adapter.memory.MemoryPresenceStore;
import dev.parley.server.adapter.postgres.PostgresLastSeenStore;
import dev.parley.server.adapter.postgres.PostgresOrgStore;
import dev.parley.server.adapter.postgres.PostgresRoomStore;
import dev.parley.server.base.Ids;
import dev.parley.server.base.RoomId;
import dev.parley.server.base.Telemetry;
import dev.parley.server.base.UserId;
import dev.parley.server.domain.event.EphemeralEvent;
import dev.parley.server.domain.event.EphemeralEvent.PresenceChanged;
import dev.parley.server.domain.event.EventBus;
import dev.parley.server.domain.event.HeardEvents;
import dev.parley.server.domain.event.RoomEvent;
import dev.parley.server.domain.event.UserEvent;
import dev.parley.server.testing.PostgresExtension;
import dev.parley.server.testing.TestClock;
import dev.parley.server.testing.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// Nodes that share a store and a bus, and a time that the test moves.
@ExtendWith(PostgresExtension.class)
final class PresenceTest {
  private static final Circle CIRCLE = Circle.NATIVE;
  private static final Duration STEP = Duration.ofMillis(250);

  private final TestClock clock = new TestClock();
  private final MemoryPresenceStore store = new MemoryPresenceStore(clock);
  private final MemoryEventBus bus = new MemoryEventBus();
  private final HeardEvents heard = new HeardEvents();
  private final TestDatabase database;
  private final UserId ann = UserId.account(UUID.randomUUID());
  private final UserId bob = UserId.account(UUID.randomUUID());
  private final Node one;
  private final Node two;

  PresenceTest(TestDatabase database) {
    this.database = database;
    this.one = new Node("one");
    this.two = new Node("two");
    bus.subscribe(heard);
  }

  /// A node whose timers stand still once it hangs, as all of it would.
  private final class Node {
    private final List<Task> tasks = new ArrayList<>();
    private final Presence presence;
    private boolean hangs;

    private record Task(Instant due, Runnable work) {}

    private Node(String name) {
      var ids = new Ids(clock, new Random(1));
      presence =
          new Presence(
              store,
              new PostgresLastSeenStore(database.database()),
              new PostgresOrgStore(database.database(), ids, clock),
              new PostgresRoomStore(database.database(), ids, clock),
              bus,
              new Presence.Surroundings(
                  name,
                  clock,
                  clock,
                  (delay, task) -> tasks.add(new Task(clock.instant().plus(delay), task)),
                  Telemetry.SILENT));
      presence.start();
    }

    private void step() {
      var due = tasks.stream().filter(task -> !task.due().isAfter(clock.instant())).toList();
      if (!hangs) {
        tasks.removeAll(due);
        due.forEach(task -> task.work().run());
      }
    }
  }

  @Test
  void allNodesTellTheSame() {
    one.presence.enter(CIRCLE, ann);
    two.presence.enter(CIRCLE, bob);
    pass(Presence.SETTLE);
    for (var node : List.of(one, two)) {
      assertThat(node.presence.list(CIRCLE, Optional.empty(), 10))
          .containsExactlyInAnyOrder(ann, bob);
      assertThat(node.presence.isConnected(CIRCLE, ann)).isTrue();
      assertThat(node.presence.isConnected(CIRCLE, bob)).isTrue();
      assertThat(node.presence.isConnected(new Circle("other"), bob)).isFalse();
    }
    assertThat(announced()).containsExactlyInAnyOrder(ann + " online", bob + " online");
  }

  @Test
  void whoHasJustLeftIsNotConnectedAnyMore() {
    one.presence.enter(CIRCLE, ann);
    pass(Presence.SETTLE);
    one.presence.leave(CIRCLE, ann);
    assertThat(one.presence.isConnected(CIRCLE, ann)).isFalse();
  }

  @Test
  void thePeopleOfANodeThatDiesAreGoneAfterTheExpiryAndToldAfterTheNextBeat() {
    one.presence.enter(CIRCLE, ann);
    two.presence.enter(CIRCLE, bob);
    pass(Presence.SETTLE);
    two.hangs = true;
    pass(PresenceStore.EXPIRY);
    assertThat(one.presence.list(CIRCLE, Optional.empty(), 10)).containsExactly(ann);
    pass(Presence.BEAT);
    assertThat(announced()).contains(bob + " offline").doesNotContain(ann + " offline");
  }

  @Test
  void aNodeThatHungIsBackWithAllItsPeopleAndSweepsNobody() {
    one.presence.enter(CIRCLE, ann);
    two.presence.enter(CIRCLE, bob);
    pass(Presence.SETTLE);
    two.hangs = true;
    pass(PresenceStore.EXPIRY.plus(Presence.BEAT));
    heard.passing.clear();
    two.hangs = false;
    pass(Presence.BEAT);
    assertThat(announced()).containsExactly(bob + " online");
    assertThat(one.presence.isOnline(bob)).isTrue();
  }

  @Test
  void whenAllHungNobodyIsSentAway() {
    one.presence.enter(CIRCLE, ann);
    two.presence.enter(CIRCLE, bob);
    pass(Presence.SETTLE);
    heard.passing.clear();
    clock.advance(PresenceStore.EXPIRY.multipliedBy(2));
    pass(Presence.BEAT.multipliedBy(2));
    assertThat(announced()).isEmpty();
    assertThat(one.presence.isOnline(bob)).isTrue();
    assertThat(two.presence.isOnline(ann)).isTrue();
  }

  @Test
  void aBeatDoesNotWaitForAnnouncements() throws InterruptedException {
    var begun = new CountDownLatch(1);
    var goOn = new CountDownLatch(1);
    bus.subscribe(
        new EventBus.Listener() {
          @Override
          public void onRoomEvents(RoomId room, List<RoomEvent> events) {}

          @Override
          public void onUserEvent(UserEvent event) {}

          @Override
          public void onEphemeral(EphemeralEvent event) {
            begun.countDown();
            try {
              goOn.await();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          }
        });
    one.presence.enter(CIRCLE, ann);
    clock.advance(Presence.SETTLE);
    var settling = Thread.startVirtualThread(one::step);
    begun.await();
    var beating = Thread.startVirtualThread(one.presence::beat);
    assertThat(beating.join(Duration.ofSeconds(5))).isTrue();
    goOn.countDown();
    settling.join();
    assertThat(announced()).containsExactly(ann + " online");
  }

  private List<String> announced() {
    return heard.passing.stream()
        .map(PresenceChanged.class::cast)
        .map(changed -> changed.user() + (changed.online() ? " online" : " offline"))
        .toList();
  }

  private void pass(Duration time) {
    for (var left = time; left.isPositive(); left = left.minus(STEP)) {
      clock.advance(STEP);
      one.step();
      two.step();
    }
  }
}
