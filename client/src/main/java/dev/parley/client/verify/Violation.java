package dev.parley.client.verify;

import java.util.Locale;

/// What can be wrong with a history. All but [#RECOVERED] must be absent.
public enum Violation {
  /// Acknowledged, but not in the final history.
  LOST("acknowledged, absent from the final history"),
  /// Every attempt was answered with an error, yet it is there.
  PHANTOM("refused, yet present"),
  /// Nobody sent it, or not with this body.
  UNEXPECTED("present, never sent"),
  /// One `op` at two places.
  DUP_STORE("one op stored twice"),
  /// A stream got a place twice.
  DUP_DELIVERY("one stream got a pos twice"),
  /// A stream, or the log itself, left out a place.
  GAP("a pos or seq is left out"),
  /// A stream got a place after a later one.
  DISORDER("a pos after a later one"),
  /// Two witnesses saw different things at one place.
  DIVERGENT("witnesses disagree about a pos"),
  /// The numbers in an `ok` are not those in the log, or two `ok`s of one `op` differ.
  ACK_MISMATCH("the numbers of an ok are not those of the log"),
  /// Somebody saw what belongs to another organization.
  LEAK("seen by another organization"),
  /// A removed user saw what came after the removal.
  AFTER_FENCE("seen by a removed user"),
  /// Acknowledged while the database was provably down.
  FALSE_ACK("acknowledged while the store was down"),
  /// Acknowledged before another message was sent, yet stored after it.
  OVERTAKEN("stored before something acknowledged earlier"),
  /// Sends of one client to one room are not stored in the order of sending.
  FIFO("a client's sends are stored in another order"),
  /// Still unanswered long after all was well again.
  STUCK("unanswered after the server was well again"),
  /// Acknowledged, and not delivered to a connected member long after all was well again.
  UNSEEN("not delivered after the server was well again"),
  /// Never answered, and stored: allowed, only counted.
  RECOVERED("never answered, present (allowed)");

  private final String meaning;

  Violation(String meaning) {
    this.meaning = meaning;
  }

  /// One line for the table.
  public String meaning() {
    return meaning;
  }

  /// The name in tables and files, such as `dup_store`.
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// Whether it may happen.
  public boolean isAllowed() {
    return this == RECOVERED;
  }
}
