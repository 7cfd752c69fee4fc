package dev.parley.server.rest;

import dev.parley.server.domain.event.RoomEvent;

/// Writes a room event as the native protocol shows it, so that sockets and HTTP show the same.
@FunctionalInterface
public interface EventWriter {
  /// One JSON object without line breaks.
  String json(RoomEvent event);
}
