package dev.parley.server.domain.org;

import dev.parley.server.base.UserId;
import dev.parley.server.domain.access.Role;
import java.time.Instant;
import java.util.Optional;

/// A user in an organization.
///
/// @param username of their account; empty for somebody of the open realm, and for a new member
public record OrgMember(UserId user, Role role, Instant joinedAt, Optional<String> username) {
  /// A new member.
  public static OrgMember fresh(UserId user, Role role, Instant joinedAt) {
    return new OrgMember(user, role, joinedAt, Optional.empty());
  }
}
