package dev.parley.server.domain.identity;

import dev.parley.server.base.Limits;
import dev.parley.server.base.Metric;
import dev.parley.server.base.Refusal;
import dev.parley.server.base.RefusedException;
import dev.parley.server.base.Telemetry;
import dev.parley.server.base.Ticker;
import dev.parley.server.domain.identity.PasswordHasher.Verdict;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/// Hashes and verifies passwords, no more at a time than there are processors, on threads of its
/// own: on virtual threads a burst of sign-ins would hold the carriers that messages run on.
public final class Passwords implements AutoCloseable {
  private static final long IDLE_SECONDS = 30;

  private final PasswordHasher hasher;
  private final Ticker ticker;
  private final ThreadPoolExecutor workers;
  private final Telemetry.Timer hashing;
  private final Telemetry.Timer verifying;
  private final Telemetry.Counter shed;
  private final Telemetry.Counter wrong;

  /// What a password is compared with when there is no account, so that both take the same time.
  private final String decoy;

  /// @param processors how many passwords are worked on at a time
  public Passwords(PasswordHasher hasher, int processors, Ticker ticker, Telemetry telemetry) {
    this.hasher = hasher;
    this.ticker = ticker;
    this.hashing = telemetry.timer(Metric.PASSWORD_SECONDS, "hash");
    this.verifying = telemetry.timer(Metric.PASSWORD_SECONDS, "verify");
    this.shed = telemetry.counter(Metric.PASSWORDS_SHED);
    this.wrong = telemetry.counter(Metric.PASSWORDS_WRONG);
    this.decoy = hasher.hash(new Password("nobody has this password"));
    var waiting = new ArrayBlockingQueue<Runnable>(Limits.PASSWORDS_WAITING);
    var threads = Thread.ofPlatform().daemon().name("parley-password-", 0).factory();
    this.workers =
        new ThreadPoolExecutor(
            processors, processors, IDLE_SECONDS, TimeUnit.SECONDS, waiting, threads);
    workers.allowCoreThreadTimeOut(true);
    telemetry.gauge(Metric.PASSWORDS_WAITING, waiting::size);
  }

  /// A hash to keep. Waits for a processor.
  ///
  /// @throws RefusedException busy if too many wait already
  public String hash(Password password) {
    return run(() -> timed(hashing, () -> hasher.hash(password)));
  }

  /// Compares with the kept hash. Without one the answer is `WRONG` after the same work.
  ///
  /// @throws RefusedException busy if too many wait already
  public Verdict verify(Password password, Optional<String> hash) {
    var verdict = run(() -> timed(verifying, () -> hasher.verify(password, hash.orElse(decoy))));
    if (hash.isPresent() && verdict != Verdict.WRONG) {
      return verdict;
    }
    wrong.increment();
    return Verdict.WRONG;
  }

  private <T> T run(Callable<T> work) {
    try {
      return workers.submit(work).get();
    } catch (RejectedExecutionException e) {
      shed.increment();
      throw new RefusedException(new Refusal.Busy("too many people are signing in; try again"));
    } catch (ExecutionException e) {
      throw new IllegalStateException("a password could not be worked on", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RefusedException(new Refusal.Busy("the server is stopping; try again"));
    }
  }

  private <T> T timed(Telemetry.Timer timer, Callable<T> work) throws Exception {
    long start = ticker.nanos();
    var result = work.call();
    timer.record(ticker.nanos() - start);
    return result;
  }

  /// Lets what is being worked on end, and takes nothing more.
  @Override
  public void close() {
    workers.shutdown();
  }
}
