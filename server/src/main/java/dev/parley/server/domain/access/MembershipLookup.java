package dev.parley.server.domain.access;

import dev.parley.server.base.OrgId;
import dev.parley.server.base.RoomId;
import dev.parley.server.base.UserId;
import java.util.Optional;

/// Reads memberships for [AccessControl]. Always from the database, never from a cache with a time
/// to live.
public interface MembershipLookup {
  /// A user's role in an organization; empty for strangers and for organizations that do not exist.
  Optional<Role> orgRole(OrgId org, UserId user);

  /// What a user is to a room; empty if the room does not exist or lies in an organization of which
  /// the user is no member.
  Optional<RoomStanding> room(RoomId room, UserId user);

  /// What a user is to a room.
  ///
  /// @param role the role in the room; empty for non-members
  /// @param banned whether the user was banned from it
  record RoomStanding(
      OrgId org, RoomKind kind, Optional<Role> role, boolean banned, Role orgRole) {}
}
