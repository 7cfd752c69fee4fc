package dev.parley.server.rest;

import dev.parley.server.base.Refusal;
import dev.parley.server.base.UserId;
import dev.parley.server.domain.access.Role;
import org.jspecify.annotations.Nullable;

/// A body that names somebody, by id or by username, and the role they get.
record NewMember(@Nullable UserId userId, @Nullable String username, @Nullable Role role) {
  /// Who is meant.
  ///
  /// @throws dev.parley.server.base.RefusedException bad_request unless exactly one name is given
  UserId user(People people) {
    if (userId != null && username == null) {
      return userId;
    }
    if (username != null && userId == null) {
      return people.named(username);
    }
    throw Refusal.badRequest("either user_id or username is required");
  }

  Role roleOr(Role absent) {
    return role == null ? absent : role;
  }
}
