package dev.parley.server.domain.intake;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/// A row of another program's database, good until the next one comes. Columns go by their names;
/// empty stands for null.
public interface SourceRow {
  /// Any column as text.
  Optional<String> text(String column);

  /// A column of whole numbers.
  OptionalLong number(String column);

  /// A column of times with their zone; `infinity` is no time and comes as empty.
  Optional<Instant> instant(String column);

  /// A column of truth; null is false.
  boolean flag(String column);

  /// Any column as text; empty text for null.
  default String textOrEmpty(String column) {
    return text(column).orElse("");
  }
}
