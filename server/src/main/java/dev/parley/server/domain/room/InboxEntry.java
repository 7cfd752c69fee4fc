package dev.parley.server.domain.room;

import dev.parley.server.domain.access.MembershipLookup.RoomStanding;

/// A room as its member sees it from outside.
///
/// @param standing what the member is to the room, as read with it
/// @param unread messages after the read marker; arithmetic on `seq`, never a counter that can
///   drift
/// @param mentions mentions of the member after the read marker
/// @param changed whether anything of this changed since the mark that was handed in
public record InboxEntry(
    Room room, RoomStanding standing, long readSeq, long unread, long mentions, boolean changed) {}
