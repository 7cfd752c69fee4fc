package dev.parley.server.domain.room;

/// A room as its member sees it from outside.
///
/// @param unread messages after the read marker; arithmetic on `seq`, never a counter that can
///   drift
/// @param mentions mentions of the member after the read marker
/// @param changed whether anything of this changed since the mark that was handed in
public record InboxEntry(Room room, long readSeq, long unread, long mentions, boolean changed) {}
