package dev.parley.client.verify;

import dev.parley.client.ClientOptions;
import dev.parley.client.ParleyClient;
import dev.parley.client.Time;
import dev.parley.client.rest.RestApi;
import dev.parley.client.rest.Tokens;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;

/// What all the actors of one run share.
record Stage(
    VerifyOptions options,
    HttpClient http,
    Time time,
    History history,
    Patience patience,
    AtomicInteger turn) {
  /// Kills come every few seconds: whoever waits longer misses most of the run.
  private static final Duration LONGEST_RETRY = Duration.ofSeconds(1);

  RestApi rest() {
    return new RestApi(http, url());
  }

  /// The next node.
  private URI url() {
    var urls = options.urls();
    return urls.get(Math.floorMod(turn.getAndIncrement(), urls.size()));
  }

  /// A new client of an account, on a device of its own, watched by a witness.
  ParleyClient connect(Account account, Witness witness, RandomGenerator random) {
    return connect(account.logIn(rest(), patience, witness.name()), witness, random);
  }

  /// A new client of a device, watched by a witness.
  ParleyClient connect(Tokens tokens, Witness witness, RandomGenerator random) {
    var clientOptions =
        ClientOptions.of(url(), tokens)
            .name("verify")
            .http(http)
            .time(time)
            .random(random)
            .longestRetry(LONGEST_RETRY)
            .tap(witness);
    return ParleyClient.connect(clientOptions, witness);
  }
}
