package dev.parley.server.domain.search;

import dev.parley.server.base.Limits;
import dev.parley.server.base.Metric;
import dev.parley.server.base.Telemetry;
import dev.parley.server.base.Ticker;
import dev.parley.server.domain.access.OrgAccess;
import dev.parley.server.domain.message.Message;
import dev.parley.server.domain.search.SearchQuery.Phrase;
import dev.parley.server.domain.search.SearchStore.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/// Finds messages for somebody, in the rooms that they may see.
public final class Search {
  private final SearchStore store;
  private final TextAnalyzer analyzer;
  private final Ticker ticker;
  private final Telemetry.Timer seconds;

  public Search(SearchStore store, TextAnalyzer analyzer, Ticker ticker, Telemetry telemetry) {
    this.store = store;
    this.analyzer = analyzer;
    this.ticker = ticker;
    this.seconds = telemetry.timer(Metric.SEARCH_SECONDS);
  }

  /// Messages that fit, newest first.
  ///
  /// @param text in the language of docs/search.md
  /// @param before only messages with a smaller id: the last one of the page before
  public List<Finding> find(OrgAccess access, String text, OptionalLong before, int limit) {
    return find(access, text, Scope.EVERYWHERE, before, limit);
  }

  /// The same, in one room or by one author only.
  public List<Finding> find(
      OrgAccess access, String text, Scope scope, OptionalLong before, int limit) {
    var query = new QueryParser(analyzer).parse(text);
    long start = ticker.nanos();
    var found =
        store.find(
            access.orgId(),
            access.userId(),
            query,
            scope,
            before,
            Math.clamp(limit, 1, Limits.PAGE + 1));
    seconds.record(ticker.nanos() - start);
    return found.stream().map(message -> new Finding(message, highlights(message, query))).toList();
  }

  /// Whether a text, read as plain text, holds a word to look for.
  public boolean holdsWord(String text) {
    return !analyzer.asked(text).isEmpty();
  }

  private List<Finding.Span> highlights(Message message, SearchQuery query) {
    if (query.wanted().isEmpty()) {
      return List.of();
    }
    var words = analyzer.words(message.content().orElse(""));
    var spans = new ArrayList<Finding.Span>();
    for (var word : words) {
      if (spans.size() == Limits.HIGHLIGHTS) {
        break;
      }
      if (query.wanted().stream().anyMatch(phrase -> holds(phrase, word.text()))) {
        join(spans, new Finding.Span(word.start(), word.end()));
      }
    }
    return spans;
  }

  /// Spans that touch or overlap become one.
  private static void join(List<Finding.Span> spans, Finding.Span next) {
    if (!spans.isEmpty() && spans.getLast().end() >= next.start()) {
      var last = spans.removeLast();
      spans.add(
          new Finding.Span(Math.min(last.start(), next.start()), Math.max(last.end(), next.end())));
    } else {
      spans.add(next);
    }
  }

  private static boolean holds(Phrase phrase, String word) {
    return phrase.words().contains(word)
        || (phrase.prefix() && word.startsWith(phrase.words().getLast()));
  }
}
