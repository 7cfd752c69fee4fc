package dev.parley.server.base;

/// One result of a check of the surroundings: at start-up and in `./parley doctor`.
///
/// @param level what start-up makes of it
/// @param what the fact, with the names of the settings concerned
/// @param advice what the operator can do; empty when all is well
public record Finding(Level level, String what, String advice) {
  /// What start-up makes of a finding.
  public enum Level {
    /// As it should be.
    OK,
    /// Start, but say so.
    WARNING,
    /// Refuse to start: a promise would be broken.
    REFUSAL
  }

  public static Finding ok(String what) {
    return new Finding(Level.OK, what, "");
  }

  public static Finding warning(String what, String advice) {
    return new Finding(Level.WARNING, what, advice);
  }

  public static Finding refusal(String what, String advice) {
    return new Finding(Level.REFUSAL, what, advice);
  }
}
