package dev.parley.server.domain.presence;

import dev.parley.server.base.UserId;
import java.time.Instant;
import java.util.Optional;

/// What others may know of a user's presence.
///
/// @param lastSeen when they were last online, up to a minute old while they are; empty for
///   somebody who never was
public record Whereabouts(UserId user, boolean online, Optional<Instant> lastSeen) {}
