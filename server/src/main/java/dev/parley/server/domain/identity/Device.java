package dev.parley.server.domain.identity;

import dev.parley.server.base.DeviceId;
import java.time.Instant;

/// One place where an account is signed in.
///
/// @param lastSeenAt when it last got new tokens
public record Device(DeviceId id, String name, Instant createdAt, Instant lastSeenAt) {}
