package dev.parley.server.domain.search;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What somebody looks for: messages that hold all these phrases and none of the others.
///
/// @param from names, ids or `me`: by one of these authors
/// @param in names or ids: in one of these rooms
public record SearchQuery(
    List<Phrase> wanted,
    List<Phrase> unwanted,
    List<String> from,
    List<String> in,
    Optional<Instant> before,
    Optional<Instant> after,
    Set<Mark> has) {
  /// Words that stand side by side.
  ///
  /// @param prefix whether the last one is only the beginning of a word
  public record Phrase(List<String> words, boolean prefix) {}
}
