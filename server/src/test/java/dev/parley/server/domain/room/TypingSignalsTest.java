package dev.parley.server.domain.room;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.server.adapter.memory.MemoryEventBus;
import dev.parley.server.base.RoomId;
import dev.parley.server.base.UserId;
import dev.parley.server.domain.event.EphemeralEvent;
import dev.parley.server.domain.event.EventBus;
import dev.parley.server.domain.event.RoomEvent;
import dev.parley.server.domain.event.UserEvent;
import dev.parley.server.testing.TestClock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class TypingSignalsTest {
  private static final RoomId ROOM = new RoomId(new UUID(0, 1));
  private static final UserId ANN = new UserId("ann");
  private static final UserId BOB = new UserId("bob");

  private final TestClock clock = new TestClock();
  private final Queue<Runnable> later = new ArrayDeque<>();
  private final List<EphemeralEvent> heard = new ArrayList<>();
  private final EventBus bus = new MemoryEventBus();
  private final TypingSignals signals =
      new TypingSignals(bus, clock, (delay, task) -> later.add(task));

  @BeforeEach
  void listen() {
    bus.subscribe(
        new EventBus.Listener() {
          @Override
          public void onRoomEvents(RoomId room, List<RoomEvent> events) {}

          @Override
          public void onUserEvent(UserEvent event) {}

          @Override
          public void onEphemeral(EphemeralEvent event) {
            heard.add(event);
          }
        });
  }

  @Test
  void aUserIsToldOfOnceASecondAndRoom() {
    for (int i = 0; i < 50; i++) {
      signals.tell(ROOM, ANN, true);
      signals.tell(ROOM, BOB, true);
    }
    assertThat(heard).containsExactly(typing(ANN, true), typing(BOB, true));
    second();
    signals.tell(ROOM, ANN, true);
    assertThat(heard).hasSize(3);
  }

  @Test
  void whatWasSaidLastCounts() {
    signals.tell(ROOM, ANN, true);
    signals.tell(ROOM, ANN, false);
    assertThat(heard).containsExactly(typing(ANN, true));
    second();
    assertThat(heard).containsExactly(typing(ANN, true), typing(ANN, false));
    second();
    assertThat(later).as("nothing is left to do").isEmpty();
  }

  private void second() {
    clock.advance(Duration.ofSeconds(1));
    for (var task : List.copyOf(later)) {
      later.remove();
      task.run();
    }
  }

  private static EphemeralEvent typing(UserId user, boolean active) {
    return new EphemeralEvent.Typing(ROOM, user, active);
  }
}
