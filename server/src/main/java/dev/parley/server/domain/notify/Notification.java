package dev.parley.server.domain.notify;

import dev.parley.server.domain.event.UserEvent;
import java.time.Instant;

/// An event of a user's own log that the user is to be shown.
///
/// @param at when it was raised
public record Notification(UserEvent event, Instant at) {}
