package dev.parley.server.domain.room;

import dev.parley.server.base.UserId;
import dev.parley.server.domain.access.Role;
import java.time.Instant;

/// A user in a room.
///
/// @param joinedPos the event with which the membership began
/// @param readSeq the last message that the user has read
/// @param deliveredPos the last event that a device of the user acknowledged
public record Member(
    UserId user, Role role, long joinedPos, Instant joinedAt, long readSeq, long deliveredPos) {}
