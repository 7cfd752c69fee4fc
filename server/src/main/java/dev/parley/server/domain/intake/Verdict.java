package dev.parley.server.domain.intake;

/// What became of a row of another program's database.
public sealed interface Verdict {
  /// It is in, exactly as it was.
  Verdict IMPORTED = new Imported("");

  /// It was in before.
  Verdict THERE = new There();

  /// It is in.
  ///
  /// @param note what is different about it; empty if nothing is
  record Imported(String note) implements Verdict {}

  /// It was in before.
  record There() implements Verdict {}

  /// It stays out because it is nothing that people would look for, a deleted message say.
  record LeftOut(String reason) implements Verdict {}

  /// It stays out.
  record Refused(String reason) implements Verdict {}

  /// It is in, and what was different about it is said; nothing was if the note is empty.
  static Verdict imported(String note) {
    return note.isEmpty() ? IMPORTED : new Imported(note);
  }

  static Verdict leftOut(String reason) {
    return new LeftOut(reason);
  }

  static Verdict refused(String reason) {
    return new Refused(reason);
  }
}
