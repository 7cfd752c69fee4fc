package dev.parley.client.verify;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// How hard, and for how long, a server is tried.
///
/// @param urls the nodes of the server; each connection and each request takes the next one
/// @param orgs organizations; at least 2, so that a leak can show
/// @param rooms in all organizations together
/// @param rate messages per second and sender; 0 for as fast as the answers come
/// @param window messages of one sender that may be unanswered at once
/// @param cutEvery how long a connection lives on average before it is cut on purpose
/// @param settle how long everything may take after the load has ended
/// @param history where to write the observations as JSON lines
/// @param seed of all random choices
public record VerifyOptions(
    List<URI> urls,
    Duration duration,
    int orgs,
    int rooms,
    int senders,
    int readers,
    double rate,
    int window,
    Duration cutEvery,
    Duration settle,
    Optional<Path> history,
    long seed) {
  public VerifyOptions {
    urls = List.copyOf(urls);
    if (urls.isEmpty()) {
      throw new IllegalArgumentException("at least one address");
    }
    if (orgs < 2 || rooms < orgs || senders < orgs || readers < orgs) {
      throw new IllegalArgumentException(
          "at least 2 organizations, and as many rooms, senders and readers as organizations");
    }
  }

  /// The first node.
  public URI url() {
    return urls.getFirst();
  }

  /// Half a minute that finds most defects.
  public static VerifyOptions of(URI url) {
    return new VerifyOptions(
        List.of(url),
        Duration.ofSeconds(30),
        2,
        10,
        20,
        20,
        0,
        32,
        Duration.ofSeconds(4),
        Duration.ofSeconds(30),
        Optional.empty(),
        1);
  }
}
