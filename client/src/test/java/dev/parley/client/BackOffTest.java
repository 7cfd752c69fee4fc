package dev.parley.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BackOffTest {
  @Test
  void theCeilingDoublesUpToTheMaximum() {
    for (int failures = 0; failures < 80; failures++) {
      long ceiling = failures > 20 ? 20_000 : Math.min(20_000, 300L << failures);

      assertThat(longestOf(failures)).isLessThanOrEqualTo(ceiling).isGreaterThan(ceiling / 2);
    }
  }

  @Test
  void theJitterIsFull() {
    var waits = IntStream.range(0, 1_000).mapToLong(seed -> waitAfter(seed, 5)).boxed().toList();

    assertThat(waits).anyMatch(wait -> wait < 500).anyMatch(wait -> wait > 9_000);
  }

  @Test
  void anOrderlyEndWaitsShortlyButOnlyOnce() {
    var backOff = backOff(1);

    assertThat(backOff.afterOrderlyEnd()).isLessThanOrEqualTo(Duration.ofMillis(300));
    IntStream.range(0, 8).forEach(i -> backOff.afterOrderlyEnd());
    backOff.reset();
    assertThat(backOff.afterOrderlyEnd()).isLessThanOrEqualTo(Duration.ofMillis(300));
  }

  @Test
  void theServerSetsTheBounds() {
    var backOff = backOff(1);
    backOff.bounds(10, 20);

    IntStream.range(0, 100)
        .forEach(
            i -> assertThat(backOff.afterFailure()).isLessThanOrEqualTo(Duration.ofMillis(20)));
  }

  private static long longestOf(int failures) {
    return IntStream.range(0, 200).mapToLong(seed -> waitAfter(seed, failures)).max().orElse(0);
  }

  private static long waitAfter(int seed, int failures) {
    var backOff = backOff(seed);
    IntStream.range(0, failures).forEach(i -> backOff.afterFailure());
    return backOff.afterFailure().toMillis();
  }

  private static BackOff backOff(long seed) {
    return new BackOff(new Random(seed * 7919), Duration.ofMillis(300), Duration.ofSeconds(20));
  }
}
