package dev.parley.server.domain.search;

import dev.parley.server.domain.message.Message;
import java.util.List;

/// A message that was found.
///
/// @param highlights where in its content the words stand that were looked for
public record Finding(Message message, List<Span> highlights) {
  /// A part of a text, in UTF-16 code units.
  ///
  /// @param end exclusive
  public record Span(int start, int end) {}
}
