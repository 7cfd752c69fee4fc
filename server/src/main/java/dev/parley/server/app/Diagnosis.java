package dev.parley.server.app;

import dev.parley.server.base.Finding;

/// What the doctor found out about one subject.
record Diagnosis(String subject, Finding finding) {
  static Diagnosis ok(String subject, String what) {
    return new Diagnosis(subject, Finding.ok(what));
  }

  static Diagnosis warn(String subject, String what, String advice) {
    return new Diagnosis(subject, Finding.warning(what, advice));
  }

  static Diagnosis fail(String subject, String what, String advice) {
    return new Diagnosis(subject, Finding.refusal(what, advice));
  }

  boolean failed() {
    return finding.level() == Finding.Level.REFUSAL;
  }

  /// One line for people.
  @Override
  public String toString() {
    var line = "%-4s  %-8s  %s".formatted(verdict(), subject, finding.what());
    return finding.advice().isEmpty() ? line : line + " → " + finding.advice();
  }

  private String verdict() {
    return switch (finding.level()) {
      case OK -> "ok";
      case WARNING -> "warn";
      case REFUSAL -> "fail";
    };
  }
}
