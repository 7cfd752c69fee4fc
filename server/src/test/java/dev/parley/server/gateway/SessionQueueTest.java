package dev.parley.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.server.base.Limits;
import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// When a session's queue says that there is room again.
final class SessionQueueTest {
  private final ArrayDeque<Runnable> threads = new ArrayDeque<>();
  private final AtomicInteger half = new AtomicInteger();
  private final SessionQueue queue =
      new SessionQueue(
          threads::add,
          e -> {
            throw new AssertionError(e);
          });

  @Test
  void whoAsksAgainBecauseMoreCameIsCalledAgain() {
    add(Limits.COMMANDS, 1);
    queue.whenHalf(this::askAgain);
    assertThat(half).hasValue(0);
    runAll();
    assertThat(half).hasValue(2);
  }

  @Test
  void aCommandThatIsLargeTakesRoomUntilItIsDone() {
    queue.add(
        Limits.COMMAND_BYTES,
        () -> {
          queue.whenHalf(half::incrementAndGet);
          assertThat(half).hasValue(0);
        });
    runAll();
    assertThat(half).hasValue(1);
  }

  @Test
  void appendsThatAreNotAnsweredMakeTheRestWait() {
    for (int i = 0; i < Limits.APPENDS_PER_CONNECTION; i++) {
      queue.pause();
    }
    add(Limits.COMMANDS, 1);
    queue.whenHalf(half::incrementAndGet);
    runAll();
    assertThat(half).hasValue(0);
    queue.resume();
    runAll();
    assertThat(half).hasValue(1);
  }

  /// As a socket does whose read went on meanwhile.
  private void askAgain() {
    if (half.incrementAndGet() == 1) {
      add(Limits.COMMANDS, 1);
      assertThat(queue.hasRoom()).isFalse();
      queue.whenHalf(this::askAgain);
    }
  }

  private void add(int count, int bytes) {
    for (int i = 0; i < count; i++) {
      assertThat(queue.add(bytes, () -> {})).isTrue();
    }
  }

  private void runAll() {
    for (var task = threads.poll(); task != null; task = threads.poll()) {
      task.run();
    }
  }
}
