package dev.parley.server.gateway.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TimerWheelTest {
  private final TimerWheel wheel = new TimerWheel();
  private final List<String> told = new ArrayList<>();

  private void ticks(int count) {
    for (int i = 0; i < count; i++) {
      wheel.tick();
    }
  }

  @Test
  void tellsOnceInItsTick() {
    int timer = wheel.add(() -> told.add("at " + wheel.now()));
    wheel.set(timer, 5);
    ticks(4);
    assertThat(told).isEmpty();
    ticks(300);
    assertThat(told).containsExactly("at 6");
  }

  @Test
  void oneThatFailsDoesNotStopTheOthers() {
    int failing =
        wheel.add(
            () -> {
              throw new IllegalStateException("told to");
            });
    int next = wheel.add(() -> told.add("next"));
    wheel.set(failing, 1);
    wheel.set(next, 1);
    ticks(1);
    assertThat(told).containsExactly("next");
  }

  @Test
  void movesAndRemoves() {
    int moved = wheel.add(() -> told.add("moved at " + wheel.now()));
    int removed = wheel.add(() -> told.add("removed"));
    wheel.set(moved, 2);
    wheel.set(removed, 3);
    ticks(1);
    wheel.set(moved, 10);
    wheel.remove(removed);
    ticks(200);
    assertThat(told).containsExactly("moved at 12");
    assertThat(wheel.size()).isEqualTo(1);
    assertThat(wheel.add(() -> {})).as("a name is used again").isEqualTo(removed);
  }

  @Test
  void setsAgainAndRemovesInsideTheCall() {
    int[] timers = new int[3];
    timers[0] =
        wheel.add(
            () -> {
              told.add("again");
              wheel.set(timers[0], 1);
            });
    timers[1] =
        wheel.add(
            () -> {
              told.add("first of two");
              wheel.remove(timers[1]);
              wheel.remove(timers[2]);
            });
    timers[2] = wheel.add(() -> told.add("never"));
    wheel.set(timers[0], 1);
    wheel.set(timers[1], 1);
    wheel.set(timers[2], 1);
    ticks(3);
    assertThat(told).containsExactly("again", "first of two", "again", "again");
  }

  @Test
  void cutsWhatIsTooFar() {
    int timer = wheel.add(() -> told.add("at " + wheel.now()));
    wheel.set(timer, 1_000_000);
    ticks(127);
    assertThat(told).containsExactly("at 128");
    wheel.set(timer, -5);
    ticks(1);
    assertThat(told).containsExactly("at 128", "at 129");
  }

  @Test
  void agreesWithASimpleModel() {
    var random = new Random(3);
    Map<Integer, Integer> deadlines = new HashMap<>();
    var names = new ArrayList<Integer>();
    for (int step = 0; step < 20_000; step++) {
      switch (random.nextInt(6)) {
        case 0 -> {
          int[] name = new int[1];
          name[0] = wheel.add(() -> assertThat(deadlines.remove(name[0])).isEqualTo(wheel.now()));
          names.add(name[0]);
        }
        case 1, 2, 3 -> {
          if (!names.isEmpty()) {
            int name = names.get(random.nextInt(names.size()));
            int ticks = 1 + random.nextInt(127);
            wheel.set(name, ticks);
            deadlines.put(name, wheel.now() + ticks);
          }
        }
        case 4 -> {
          if (!names.isEmpty()) {
            int name = names.remove(random.nextInt(names.size()));
            wheel.remove(name);
            deadlines.remove(name);
          }
        }
        default -> wheel.tick();
      }
      assertThat(wheel.size()).isEqualTo(names.size());
    }
    ticks(128);
    assertThat(deadlines).isEmpty();
  }
}
