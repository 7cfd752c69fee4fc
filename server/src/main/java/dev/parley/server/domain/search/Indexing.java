package dev.parley.server.domain.search;

import dev.parley.server.base.Limits;
import dev.parley.server.base.Metric;
import dev.parley.server.base.Telemetry;
import dev.parley.server.base.Ticker;
import dev.parley.server.domain.message.Message;
import dev.parley.server.domain.search.SearchStore.Entry;
import dev.parley.server.domain.search.SearchStore.Lag;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Follows the logs of all rooms and keeps the index up to date, behind the writers' backs: they
/// never wait for it. One thread at a time.
public final class Indexing {
  private static final Pattern LINK = Pattern.compile("https?://\\S", Pattern.CASE_INSENSITIVE);

  private final SearchStore store;
  private final TextAnalyzer analyzer;
  private final Ticker ticker;
  private final Telemetry.Counter indexed;
  private final AtomicLong behind = new AtomicLong();

  public Indexing(SearchStore store, TextAnalyzer analyzer, Ticker ticker, Telemetry telemetry) {
    this.store = store;
    this.analyzer = analyzer;
    this.ticker = ticker;
    this.indexed = telemetry.counter(Metric.SEARCH_INDEXED);
    telemetry.gauge(Metric.SEARCH_BEHIND, behind::get);
  }

  /// What became of one piece of the work.
  ///
  /// @param looking how long it took to find the rooms that are behind
  /// @param more whether there may be more to do at once
  public record Round(Duration looking, boolean more) {
    static final Round NONE = new Round(Duration.ZERO, false);
  }

  /// Does one bounded piece of the work, unless another node is at it.
  public Round run() {
    var round = new AtomicReference<@Nullable Round>();
    boolean ran = store.exclusively(() -> round.set(follow()));
    if (!ran) {
      behind.set(0);
    }
    return Objects.requireNonNullElse(round.get(), Round.NONE);
  }

  private Round follow() {
    long start = ticker.nanos();
    var rooms = store.behind(analyzer.version(), Limits.INDEX_ROOMS);
    var looking = Duration.ofNanos(ticker.nanos() - start);
    behind.set(rooms.stream().mapToLong(room -> room.last() - room.pos()).sum());
    boolean more = rooms.size() == Limits.INDEX_ROOMS;
    for (var room : rooms) {
      // Each has its turn, however much there is of another.
      more |= !follow(room);
    }
    return new Round(looking, more);
  }

  /// One page of a room; false if there is more of it.
  private boolean follow(Lag room) {
    var step = store.read(room, Limits.INDEX_EVENTS);
    var entries = step.messages().stream().map(this::entry).toList();
    if (store.write(room, analyzer.version(), step.pos(), entries)) {
      indexed.add(entries.size());
    }
    return step.pos() >= room.last();
  }

  private Entry entry(Message message) {
    var content = message.content().orElse("");
    return new Entry(message, analyzer.words(content), LINK.matcher(content).find());
  }
}
