package dev.parley.server.domain.message;

import java.util.List;

/// Keeps the newest messages of a room as a dialect shows them, for a while and as far as it can:
/// never the only copy, and nobody relies on it being whole. Whoever reads it proves from what they
/// read that nothing is missing, or asks the [MessageStore].
public interface HistoryCache {
  /// How many lines of one room are kept at most.
  int LINES = 1_000;

  /// A cache that keeps nothing.
  HistoryCache NONE =
      new HistoryCache() {
        @Override
        public void put(String name, List<Line> lines) {
          // Nothing is kept.
        }

        @Override
        public List<String> newest(String name, int limit) {
          return List.of();
        }
      };

  /// One message.
  ///
  /// @param second when it was posted, in Unix seconds
  /// @param text sorts, among those of one second, as the messages are to be read
  record Line(long second, String text) {}

  /// Takes lines and returns at once; what finds no room is forgotten.
  void put(String name, List<Line> lines);

  /// The newest lines, newest first, as far as there are any; blocks for a quarter of a second at
  /// most.
  List<String> newest(String name, int limit);
}
