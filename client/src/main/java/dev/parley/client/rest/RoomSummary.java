package dev.parley.client.rest;

/// A room as a list of rooms shows it.
public record RoomSummary(String roomId, String orgId, String kind, String name) {}
