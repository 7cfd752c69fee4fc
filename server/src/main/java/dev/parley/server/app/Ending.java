package dev.parley.server.app;

import dev.parley.server.app.logging.Logging;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Ends a serving process on SIGINT, SIGTERM and SIGHUP, whether it runs or is still starting.
final class Ending {
  /// Who ends the process; the first to say so.
  private enum Cause {
    SIGNAL,
    ITSELF
  }

  private static final Logger LOG = LoggerFactory.getLogger(Ending.class);
  private static final Duration START_GIVES_UP = Duration.ofSeconds(20);

  private final Thread starter;
  private final Logging log;
  private final AtomicReference<Cause> cause = new AtomicReference<>();
  private final CompletableFuture<Optional<Node.Running>> start = new CompletableFuture<>();

  /// @param starter the thread that starts the node; a signal interrupts it
  Ending(Thread starter, Logging log) {
    this.starter = starter;
    this.log = log;
  }

  /// The start is over, and this runs; or nothing does.
  void startEnded(Optional<Node.Running> running) {
    start.complete(running);
  }

  /// The process wants to end by itself. Returns if it may; waits for ever if a signal was first.
  void byItself() throws InterruptedException {
    if (!cause.compareAndSet(null, Cause.ITSELF) && cause.get() == Cause.SIGNAL) {
      Thread.currentThread().join();
    }
  }

  /// Runs when the process is on its way out. Without `halt` it would end with the number of the
  /// signal.
  void onExit() {
    if (cause.compareAndSet(null, Cause.SIGNAL)) {
      int code = stop();
      log.close();
      Runtime.getRuntime().halt(code);
    }
  }

  private int stop() {
    if (!start.isDone()) {
      starter.interrupt();
    }
    try {
      var running = start.get(START_GIVES_UP.toMillis(), TimeUnit.MILLISECONDS);
      if (running.isPresent()) {
        running.get().close();
      }
      return ExitCode.OK;
    } catch (TimeoutException | ExecutionException e) {
      LOG.error("the start did not give up", e);
    } catch (Exception e) {
      LOG.error("could not stop cleanly", e);
    }
    return ExitCode.FAILED;
  }
}
