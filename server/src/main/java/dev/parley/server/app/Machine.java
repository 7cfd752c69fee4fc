package dev.parley.server.app;

import dev.parley.server.adapter.telemetry.PrometheusTelemetry;
import dev.parley.server.base.Ids;
import dev.parley.server.base.Ticker;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/// Time, chance, threads and metrics of this process, to be handed to whoever needs them.
record Machine(
    InstantSource clock,
    Ticker ticker,
    RandomGenerator random,
    Ids ids,
    PrometheusTelemetry telemetry,
    ExecutorService virtualThreads,
    ScheduledExecutorService scheduler) {

  static Machine ofProcess() {
    var random = new SecureRandom();
    return new Machine(
        InstantSource.system(),
        Ticker.SYSTEM,
        random,
        new Ids(InstantSource.system(), random),
        new PrometheusTelemetry(),
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("work-", 0).factory()),
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("scheduler").factory()));
  }

  /// Runs a task on a virtual thread after a while.
  void later(Duration delay, Runnable task) {
    var _ =
        scheduler.schedule(
            () -> virtualThreads.execute(task), delay.toMillis(), TimeUnit.MILLISECONDS);
  }

  /// Lets the calling virtual thread wait.
  void pause(Duration time) {
    try {
      Thread.sleep(time);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  void close() {
    scheduler.shutdownNow();
    virtualThreads.shutdownNow();
    telemetry.close();
  }
}
