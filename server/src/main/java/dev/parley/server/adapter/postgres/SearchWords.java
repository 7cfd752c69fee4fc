package dev.parley.server.adapter.postgres;

import dev.parley.server.base.OrgId;
import dev.parley.server.domain.search.SearchQuery;
import dev.parley.server.domain.search.SearchQuery.Phrase;
import dev.parley.server.domain.search.TextAnalyzer.Token;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.StringJoiner;

/// Writes words in PostgreSQL's own notation for text search. Each word carries a mark of its
/// organization, so that a common word of one does not slow down the others.
final class SearchWords {
  private static final int LAST_POSITION = 16_383;

  private SearchWords() {}

  /// The vector of a text.
  static String vector(OrgId org, List<Token> words) {
    var places = new LinkedHashMap<String, StringJoiner>();
    for (var word : words) {
      places
          .computeIfAbsent(word.text(), _ -> new StringJoiner(","))
          .add(Integer.toString(Math.min(word.position(), LAST_POSITION)));
    }
    var vector = new StringJoiner(" ");
    places.forEach((word, at) -> vector.add(lexeme(org, word) + ":" + at));
    return vector.toString();
  }

  /// The words of a query; empty if it asks for none.
  static Optional<String> query(OrgId org, SearchQuery query) {
    var parts = new ArrayList<String>();
    query.wanted().forEach(phrase -> parts.add("(" + phrase(org, phrase) + ")"));
    query.unwanted().forEach(phrase -> parts.add("!(" + phrase(org, phrase) + ")"));
    return parts.isEmpty() ? Optional.empty() : Optional.of(String.join(" & ", parts));
  }

  private static String phrase(OrgId org, Phrase phrase) {
    var words = new StringJoiner(" <-> ");
    phrase.words().forEach(word -> words.add(lexeme(org, word)));
    return words + (phrase.prefix() ? ":*" : "");
  }

  private static String lexeme(OrgId org, String word) {
    long mark = org.value().getLeastSignificantBits() & 0xFF_FFFF;
    return "'%06x%s'".formatted(mark, word.replace("\\", "\\\\").replace("'", "''"));
  }
}
