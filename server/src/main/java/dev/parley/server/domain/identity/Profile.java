package dev.parley.server.domain.identity;

import dev.parley.server.base.UserId;
import java.time.Instant;

/// What everybody may know of an account.
public record Profile(UserId id, String username, String displayName, Instant createdAt) {}
