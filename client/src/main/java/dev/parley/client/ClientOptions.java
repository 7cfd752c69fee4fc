package dev.parley.client;

import dev.parley.client.rest.Tokens;
import java.net.URI;
import java.net.http.HttpClient;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Where a client connects, as whom, and with what bounds. Read once, by [ParleyClient#connect].
public final class ClientOptions {
  final URI server;
  final Tokens tokens;
  String name = "parley-java";
  OpStore opStore = new MemoryOpStore();
  Time time = Time.system();
  RandomGenerator random = new SecureRandom();
  ConnectionTap tap = ConnectionTap.NONE;
  int maxUnanswered = 1_000;
  Duration answerTimeout = Duration.ofSeconds(30);
  Duration longestRetry = Duration.ofSeconds(30);
  @Nullable HttpClient http;

  private ClientOptions(URI server, Tokens tokens) {
    this.server = server;
    this.tokens = tokens;
  }

  /// The defaults.
  ///
  /// @param server the address that a browser would open, such as `http://127.0.0.1:8080`
  public static ClientOptions of(URI server, Tokens tokens) {
    return new ClientOptions(server, tokens);
  }

  /// What the client calls itself; the server shows it in the list of devices.
  public ClientOptions name(String newName) {
    name = newName;
    return this;
  }

  /// Where drafts are kept until they are answered. Default: in memory.
  public ClientOptions opStore(OpStore newStore) {
    opStore = newStore;
    return this;
  }

  /// The clocks.
  public ClientOptions time(Time newTime) {
    time = newTime;
    return this;
  }

  /// Jitter and `op`s; must be safe for use by several threads.
  public ClientOptions random(RandomGenerator newRandom) {
    random = newRandom;
    return this;
  }

  /// Who sees the raw traffic.
  public ClientOptions tap(ConnectionTap newTap) {
    tap = newTap;
    return this;
  }

  /// Commands that may be unanswered at once; beyond, calls fail with [OutboxFullException].
  /// Default: 1,000.
  public ClientOptions maxUnanswered(int newBound) {
    maxUnanswered = newBound;
    return this;
  }

  /// How long a live connection may owe an answer before it is given up for another one. Default:
  /// 30 s.
  public ClientOptions answerTimeout(Duration newTimeout) {
    answerTimeout = newTimeout;
    return this;
  }

  /// Waits no longer than this between two attempts to connect, even if the server asks for more
  /// patience. Default: 30 s. For tests: a herd of impatient clients keeps a server from rising.
  public ClientOptions longestRetry(Duration newLongest) {
    longestRetry = newLongest;
    return this;
  }

  /// Shares the threads of an HTTP client among many Parley clients.
  public ClientOptions http(HttpClient newHttp) {
    http = newHttp;
    return this;
  }
}
