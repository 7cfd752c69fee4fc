package dev.parley.server.domain.intake;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/// The database of another program as it stood at one moment: nothing is changed in it, and nothing
/// that changes meanwhile is seen. One thread at a time.
public interface Source extends AutoCloseable {
  /// The columns of each table.
  Map<String, Set<String>> tables();

  /// Hands over the rows that a statement finds, one after the other; only a page of them is held.
  /// The statement is in the words of that program, which only its dialect knows, and must be a
  /// constant.
  ///
  /// @throws dev.parley.server.base.StartupException when the database cannot answer
  void read(String statement, Consumer<SourceRow> row);

  /// The same; the statement has one `any(?)`, which these texts go to.
  void read(String statement, List<String> texts, Consumer<SourceRow> row);

  @Override
  void close();
}
