package dev.parley.server.domain.search;

import dev.parley.server.base.Limits;
import dev.parley.server.base.Moments;
import dev.parley.server.base.Names;
import dev.parley.server.base.Refusal;
import dev.parley.server.base.RefusedException;
import dev.parley.server.domain.search.SearchQuery.Phrase;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads the language of docs/search.md. One object reads one query.
final class QueryParser {
  /// Minus, name and colon, then a quoted text or everything up to the next space; each part but
  /// the text may be missing. No two of its parts can match the same character, so it is linear.
  private static final Pattern TERM =
      Pattern.compile("(-?)(?:([A-Za-z]{1,20}):(?!//))?(?:\"([^\"]*)\"?|(\\S*))");

  private static final String ALLOWED =
      "from:name, in:room, before:2026-01-31, after:2026-01-31 and"
          + " has:file|link|reaction|pin are known; put quotes around a text with a colon";

  private final TextAnalyzer analyzer;
  private final List<Phrase> wanted = new ArrayList<>();
  private final List<Phrase> unwanted = new ArrayList<>();
  private final List<String> from = new ArrayList<>();
  private final List<String> in = new ArrayList<>();
  private final Set<Mark> has = EnumSet.noneOf(Mark.class);
  private Optional<Instant> before = Optional.empty();
  private Optional<Instant> after = Optional.empty();
  private int words;

  QueryParser(TextAnalyzer analyzer) {
    this.analyzer = analyzer;
  }

  /// The query of a text.
  ///
  /// @throws RefusedException bad_request that says what is allowed
  SearchQuery parse(String text) {
    var clean = Names.storable("q", text).strip();
    if (clean.codePointCount(0, clean.length()) > Limits.QUERY) {
      throw Refusal.badRequest("q must have at most " + Limits.QUERY + " characters");
    }
    var matcher = TERM.matcher(clean);
    for (int at = 0; at < clean.length(); at = skipSpace(clean, matcher.end())) {
      matcher.region(at, clean.length());
      if (!matcher.lookingAt()) {
        throw new IllegalStateException("every text is a term");
      }
      term(matcher);
    }
    var query =
        new SearchQuery(
            List.copyOf(wanted),
            List.copyOf(unwanted),
            List.copyOf(from),
            List.copyOf(in),
            before,
            after,
            Set.copyOf(has));
    if (isEmpty(query)) {
      throw Refusal.badRequest("q says nothing to look for; " + ALLOWED);
    }
    return query;
  }

  private static int skipSpace(String text, int from) {
    int at = from;
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
    return at;
  }

  private static boolean isEmpty(SearchQuery query) {
    return query.wanted().isEmpty()
        && query.unwanted().isEmpty()
        && query.from().isEmpty()
        && query.in().isEmpty()
        && query.before().isEmpty()
        && query.after().isEmpty()
        && query.has().isEmpty();
  }

  private void term(Matcher term) {
    boolean not = !term.group(1).isEmpty();
    var name = term.group(2);
    boolean quoted = term.group(3) != null;
    var value = quoted ? term.group(3) : term.group(4);
    if (name == null) {
      words(value, not, quoted);
      return;
    }
    if (not || value.isBlank()) {
      throw Refusal.badRequest(
          "the operator " + name + ": is incomplete or turned round; " + ALLOWED);
    }
    switch (name) {
      case "from" -> add(from, value.startsWith("@") ? value.substring(1) : value);
      case "in" -> add(in, value.startsWith("#") ? value.substring(1) : value);
      case "before" -> before = Optional.of(moment(value));
      case "after" -> after = Optional.of(moment(value));
      case "has" -> has.add(Mark.ofWireName(value));
      default -> throw Refusal.badRequest("there is no operator " + name + ":; " + ALLOWED);
    }
  }

  private static void add(List<String> list, String value) {
    if (list.size() >= Limits.QUERY_NAMES) {
      throw Refusal.badRequest("an operator may stand at most " + Limits.QUERY_NAMES + " times");
    }
    list.add(value);
  }

  /// What makes no word, such as a lone dot, asks for nothing.
  private void words(String text, boolean not, boolean quoted) {
    boolean prefix = !quoted && text.length() > 1 && text.endsWith("*");
    var asked = quoted || prefix ? analyzer.asked(text) : analyzer.askedInAnyForm(text);
    var tokens = asked.stream().map(TextAnalyzer.Token::text).toList();
    if (tokens.isEmpty()) {
      return;
    }
    words += tokens.size();
    if (words > Limits.QUERY_WORDS) {
      throw Refusal.badRequest("q must have at most " + Limits.QUERY_WORDS + " words");
    }
    (not ? unwanted : wanted).add(new Phrase(tokens, prefix));
  }

  private static Instant moment(String text) {
    try {
      return text.length() == 10
          ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
          : Moments.parse(text);
    } catch (DateTimeException e) {
      throw Refusal.badRequest(
          "before: and after: want a day such as 2026-01-31 or a time such as 2026-01-31T08:30:00Z");
    }
  }
}
