package dev.parley.server.adapter.postgres.embedded;

/// How long a server that keeps ending is started again.
///
/// @param restarts how often in a row, without a calm time in between; beyond: it is given up
/// @param calmSeconds after this time without an end all is well again
/// @param backOffMillis the second restart waits so long, each further one so much longer
/// @param maxBackOffMillis the longest wait
record Patience(int restarts, int calmSeconds, long backOffMillis, long maxBackOffMillis) {
  /// Some two minutes for a server that does not start at all.
  static final Patience USUAL = new Patience(30, 60, 200, 5_000);

  /// How long to wait before a restart, the first being 0.
  long pauseMillis(int restart) {
    return Math.min(restart * backOffMillis, maxBackOffMillis);
  }
}
