package dev.parley.server.rest;

import dev.parley.server.base.HealthCheck;
import dev.parley.server.base.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs the health checks, at most once a second however often it is asked; a check that hangs
/// counts as failing and is not started a second time.
public final class Health implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Health.class);
  private static final long FRESH_NANOS = Duration.ofSeconds(1).toNanos();
  private static final long PATIENCE_NANOS = Duration.ofSeconds(2).toNanos();

  private final Ticker ticker;
  private final List<Probe> probes;
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("health-", 0).factory());

  /// Guards `latest` and the probes.
  private final ReentrantLock lock = new ReentrantLock();

  private @Nullable Report latest;

  private volatile boolean stopping;

  public Health(List<HealthCheck> checks, Ticker ticker) {
    this.ticker = ticker;
    this.probes = checks.stream().map(Probe::new).toList();
  }

  /// From now on the server says that nothing should be sent here any more.
  public void stopping() {
    stopping = true;
  }

  /// How the server is, not older than one second. Blocks for two seconds at most.
  public Report report() {
    if (stopping) {
      var finding = new Finding("node", true, false, "is stopping");
      return new Report(List.of(finding), ticker.nanos());
    }
    lock.lock();
    try {
      if (latest == null || ticker.nanos() - latest.takenNanos() >= FRESH_NANOS) {
        latest = look();
      }
      return latest;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }

  private Report look() {
    long deadline = ticker.nanos() + PATIENCE_NANOS;
    probes.forEach(probe -> probe.start(threads));
    var found = new ArrayList<Finding>();
    for (var probe : probes) {
      found.add(probe.finding(deadline - ticker.nanos()));
    }
    return new Report(List.copyOf(found), ticker.nanos());
  }

  /// What all checks saw.
  ///
  /// @param takenNanos when, by the ticker
  public record Report(List<Finding> findings, long takenNanos) {
    /// Whether everything vital works.
    public boolean serving() {
      return findings.stream().allMatch(finding -> finding.healthy() || !finding.vital());
    }

    /// `ok`, `degraded` (something that is not vital fails) or `down`.
    public String status() {
      if (!serving()) {
        return "down";
      }
      return findings.stream().allMatch(Finding::healthy) ? "ok" : "degraded";
    }
  }

  /// What one check saw.
  public record Finding(String name, boolean vital, boolean healthy, String detail) {}

  /// One check and its run. Guarded by the lock of Health.
  private static final class Probe {
    private final HealthCheck check;
    private @Nullable Future<HealthCheck.Result> run;

    Probe(HealthCheck check) {
      this.check = check;
    }

    void start(ExecutorService threads) {
      if (run == null) {
        run = threads.submit(check::check);
      }
    }

    Finding finding(long patienceNanos) {
      var result = result(patienceNanos);
      return new Finding(check.name(), check.vital(), result.healthy(), result.detail());
    }

    private HealthCheck.Result result(long patienceNanos) {
      var running = run;
      if (running == null) {
        throw new IllegalStateException("not started");
      }
      try {
        var result = running.get(Math.max(0, patienceNanos), TimeUnit.NANOSECONDS);
        run = null;
        return result;
      } catch (TimeoutException e) {
        return HealthCheck.Result.failing("no answer within 2 s");
      } catch (ExecutionException e) {
        run = null;
        // Anybody may ask how we are, so what is told holds no addresses.
        LOG.warn("the check of {} failed: {}", check.name(), String.valueOf(e.getCause()));
        return HealthCheck.Result.failing("failed; the log says why");
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return HealthCheck.Result.failing("interrupted");
      }
    }
  }
}
