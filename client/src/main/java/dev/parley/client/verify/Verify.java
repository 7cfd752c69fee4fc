package dev.parley.client.verify;

import dev.parley.client.Time;
import java.io.PrintStream;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/// Tries a running server and says whether it kept its promises.
public final class Verify {
  private final VerifyOptions options;
  private final Time time;
  private final PrintStream out;

  public Verify(VerifyOptions options, Time time, PrintStream out) {
    this.options = options;
    this.time = time;
    this.out = out;
  }

  /// What happens to the server while it is under load.
  @FunctionalInterface
  interface Ordeal {
    /// Returns when it is over and the server is well.
    void goThrough(History history, Patience patience);
  }

  /// Runs for as long as the options say.
  ///
  /// @return whether nothing forbidden was found
  public boolean run() {
    return run((history, patience) -> patience.pause(options.duration()));
  }

  /// Runs for as long as the ordeal takes.
  boolean run(Ordeal ordeal) {
    try (var http = HttpClient.newHttpClient();
        var history = new History(time, options.history())) {
      var patience = new Patience(time);
      var recorder =
          new Recorder(new Stage(options, http, time, history, patience, new AtomicInteger()));
      out.println("seed " + options.seed() + "; the load begins");
      recorder.start();
      long begin = history.now();
      ordeal.goThrough(history, patience);
      var load = Duration.ofNanos(history.now() - begin);
      out.println("the load ends; everything is read anew");
      var flaw = recorder.finish();
      var report = history.report();
      new Table(out).print(report, load);
      flaw.ifPresent(out::println);
      boolean isProven = report.isClean() && flaw.isEmpty();
      out.println(isProven ? "all promises kept" : "NOT CLEAN");
      return isProven;
    }
  }
}
