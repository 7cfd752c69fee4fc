package dev.parley.client.verify;

import dev.parley.client.Time;
import dev.parley.client.rest.ProblemException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/// Asks again as long as a server is away or asks for time; and waits, until all is over.
final class Patience {
  private static final Duration PAUSE = Duration.ofMillis(200);
  private static final Duration ENOUGH = Duration.ofMinutes(2);

  private final Time time;
  private final CountDownLatch never = new CountDownLatch(1);

  Patience(Time time) {
    this.time = time;
  }

  /// The answer, as soon as there is one; at most two minutes.
  <T> T get(Supplier<T> question) {
    long end = time.nanos().getAsLong() + ENOUGH.toNanos();
    while (true) {
      try {
        return question.get();
      } catch (UncheckedIOException e) {
        giveUpAfter(end, e);
        pause(PAUSE);
      } catch (ProblemException e) {
        if (!e.code().temporary()) {
          throw e;
        }
        giveUpAfter(end, e);
        pause(e.retryAfter().orElse(PAUSE));
      }
    }
  }

  void run(Runnable act) {
    var _ =
        get(
            () -> {
              act.run();
              return true;
            });
  }

  /// Waits for something that can only be asked for.
  ///
  /// @return whether it came true in time
  boolean until(Duration atMost, BooleanSupplier condition) {
    long end = time.nanos().getAsLong() + atMost.toNanos();
    while (!condition.getAsBoolean()) {
      if (end - time.nanos().getAsLong() < 0) {
        return false;
      }
      pause(Duration.ofMillis(20));
    }
    return true;
  }

  void pause(Duration duration) {
    try {
      boolean _ = never.await(duration.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  private void giveUpAfter(long end, RuntimeException failure) {
    if (end - time.nanos().getAsLong() < 0) {
      throw failure;
    }
  }
}
