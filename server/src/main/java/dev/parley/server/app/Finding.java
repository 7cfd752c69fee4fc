package dev.parley.server.app;

/// What the doctor found out about one thing.
///
/// @param fact what is so
/// @param advice what to do about it; empty when all is well
record Finding(Verdict verdict, String subject, String fact, String advice) {
  /// How bad it is.
  enum Verdict {
    OK,
    /// It runs, but not as it should.
    WARN,
    /// It cannot run.
    FAIL
  }

  static Finding ok(String subject, String fact) {
    return new Finding(Verdict.OK, subject, fact, "");
  }

  static Finding warn(String subject, String fact, String advice) {
    return new Finding(Verdict.WARN, subject, fact, advice);
  }

  static Finding fail(String subject, String fact, String advice) {
    return new Finding(Verdict.FAIL, subject, fact, advice);
  }

  @Override
  public String toString() {
    var line =
        "%-4s  %-10s  %s"
            .formatted(verdict.name().toLowerCase(java.util.Locale.ROOT), subject, fact);
    return advice.isEmpty() ? line : line + " → " + advice;
  }
}
