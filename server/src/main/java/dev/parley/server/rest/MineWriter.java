package dev.parley.server.rest;

import dev.parley.server.domain.event.UserEvent;

/// Writes events of a user's own log as the JSON of the protocol.
@FunctionalInterface
public interface MineWriter {
  /// One event as a JSON object.
  String json(UserEvent event);
}
