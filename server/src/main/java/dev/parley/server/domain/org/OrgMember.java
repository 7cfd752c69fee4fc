package dev.parley.server.domain.org;

import dev.parley.server.base.UserId;
import dev.parley.server.domain.access.Role;
import java.time.Instant;

/// A user in an organization.
public record OrgMember(UserId user, Role role, Instant joinedAt) {}
