package dev.parley.client.verify;

import dev.parley.client.Time;
import java.io.PrintStream;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.Random;
import java.util.random.RandomGenerator;

/// Starts a server of its own, kills it under load again and again, and says whether it kept its
/// promises.
public final class Campaign {
  private static final Duration RECOVERY = Duration.ofSeconds(60);

  /// Kills in a row between which nothing is acknowledged.
  private static final int MOST_IN_VAIN = 20;

  private final VerifyOptions verify;
  private final CampaignOptions options;
  private final Time time;
  private final PrintStream out;
  private final RandomGenerator random;

  public Campaign(VerifyOptions verify, CampaignOptions options, Time time, PrintStream out) {
    this.verify = verify;
    this.options = options;
    this.time = time;
    this.out = out;
    this.random = new Random(verify.seed());
  }

  /// Runs until there were enough kills and enough messages, or until the server, although it says
  /// that it is ready, acknowledges nothing any more; what is unanswered then is found as stuck.
  ///
  /// @return whether nothing forbidden was found
  public boolean run() {
    try (var http = HttpClient.newHttpClient();
        var server = server(http)) {
      server.start();
      return new Verify(verify, time, out)
          .run((history, patience) -> goThrough(server, history, patience));
    }
  }

  private ServerProcess server(HttpClient http) {
    return new ServerProcess(
        new ServerProcess.Start(options.command(), options.foreign()),
        options.data(),
        verify.url(),
        http,
        new Patience(time));
  }

  private void goThrough(ServerProcess server, History history, Patience patience) {
    int kills = 0;
    long before = 0;
    int inVain = 0;
    while (inVain < MOST_IN_VAIN
        && (kills < options.kills() || history.acked() < options.acked())) {
      patience.pause(between());
      switch (options.target()) {
        case SERVER -> killServer(server);
        case DATABASE -> killDatabase(server, history, patience);
      }
      kills++;
      out.println("kill " + kills + ", " + history.acked() + " acked");
      inVain = history.acked() > before ? 0 : inVain + 1;
      before = history.acked();
    }
    patience.pause(options.longest());
  }

  private static void killServer(ServerProcess server) {
    server.kill();
    server.start();
  }

  /// The server is expected to bring its database back. Between the two observations it provably
  /// cannot acknowledge anything new.
  private void killDatabase(ServerProcess server, History history, Patience patience) {
    history.outage(false);
    server.killDatabase();
    history.store(false);
    boolean isBack = patience.until(RECOVERY, () -> server.hasDatabase() || server.hasExited());
    history.store(true);
    if (!isBack) {
      server.kill();
    }
    if (!isBack || server.hasExited()) {
      server.start();
    } else {
      server.awaitReady();
    }
    history.outage(true);
  }

  private Duration between() {
    long shortest = options.shortest().toMillis();
    return Duration.ofMillis(
        shortest + random.nextLong(options.longest().toMillis() - shortest + 1));
  }
}
