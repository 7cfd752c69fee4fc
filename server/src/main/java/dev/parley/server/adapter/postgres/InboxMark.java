package dev.parley.server.adapter.postgres;

import java.util.Optional;

/// The mark of an inbox: the lowest transaction that was still running when it was read. Whatever
/// changed since carries that transaction's number or a later one, so nothing is missed and no
/// clock is asked.
record InboxMark(Optional<String> text) {
  /// The transaction to list changes from: 0 (everything) without a mark, and for a mark that this
  /// database has not reached, which is one of another history.
  String sinceXid(String now) {
    return text.filter(mark -> mark.matches("[0-9]{1,19}"))
        .filter(mark -> Long.parseUnsignedLong(mark) <= Long.parseUnsignedLong(now))
        .orElse("0");
  }
}
