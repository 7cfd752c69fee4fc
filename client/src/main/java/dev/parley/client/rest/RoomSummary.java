package dev.parley.client.rest;

/// A room as a list of rooms shows it.
///
/// @param epoch names the history of its log
/// @param pos where its log stood
public record RoomSummary(
    String roomId, String orgId, String kind, String name, String epoch, long pos) {}
