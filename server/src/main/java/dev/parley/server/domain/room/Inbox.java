package dev.parley.server.domain.room;

import java.util.List;

/// A user's rooms over all organizations.
///
/// @param mark hand it in again to be told what changed since
/// @param truncated whether there are more rooms than were asked for
public record Inbox(List<InboxEntry> entries, String mark, boolean truncated) {}
