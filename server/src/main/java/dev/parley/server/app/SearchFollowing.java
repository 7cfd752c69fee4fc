package dev.parley.server.app;

import dev.parley.server.base.OutageException;
import dev.parley.server.domain.search.Indexing;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps the index of messages up to date as long as the node runs. Every role does it: only one
/// node is at it at a time, and so it does not matter which of them there are.
final class SearchFollowing {
  private static final Logger LOG = LoggerFactory.getLogger(SearchFollowing.class);
  private static final Duration PAUSE = Duration.ofMillis(500);
  private static final Duration BREATH = Duration.ofMillis(1);

  /// Looking for rooms that are behind takes at most this part of the time of one connection.
  private static final int SHARE = 20;

  private final Indexing indexing;
  private final Machine machine;

  private SearchFollowing(Indexing indexing, Machine machine) {
    this.indexing = indexing;
    this.machine = machine;
  }

  /// Begins at once; it ends with the threads of the machine.
  static void start(Indexing indexing, Machine machine) {
    var following = new SearchFollowing(indexing, machine);
    machine.later(PAUSE, following::run);
  }

  private void run() {
    long start = machine.ticker().nanos();
    var wanted = PAUSE;
    try {
      var round = indexing.run();
      var taken = Duration.ofNanos(machine.ticker().nanos() - start);
      wanted = pause(round, taken);
    } catch (OutageException e) {
      LOG.warn("messages are not indexed now: {}", e.getMessage());
    } catch (RuntimeException e) {
      LOG.error("defect in the index of messages", e);
    } finally {
      machine.later(wanted, this::run);
    }
  }

  /// What is behind is worked off in half of the time at most, because those who write now wait for
  /// the same processors and disk.
  private static Duration pause(Indexing.Round round, Duration taken) {
    return round.more()
        ? longer(BREATH, taken)
        : longer(PAUSE, round.looking().multipliedBy(SHARE));
  }

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) > 0 ? one : other;
  }
}
