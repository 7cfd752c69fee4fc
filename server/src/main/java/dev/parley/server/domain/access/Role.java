package dev.parley.server.domain.access;

import dev.parley.server.base.Refusal;
import java.util.Locale;

/// What a member may do, from most to least. The order is the rank: an owner outranks an admin.
public enum Role {
  /// Everything, including handing the ownership on.
  OWNER,
  /// Everything but the ownership.
  ADMIN,
  /// Removes and bans members below, deletes and pins messages of others.
  MODERATOR,
  /// Reads and writes.
  MEMBER,
  /// Reads and writes in the rooms they were invited to; sees no public room.
  GUEST;

  /// The role of a wire name such as `moderator`.
  public static Role ofWireName(String name) {
    for (var role : values()) {
      if (role.wireName().equals(name)) {
        return role;
      }
    }
    throw Refusal.badRequest("role must be one of owner, admin, moderator, member, guest");
  }

  /// The name on the wire, in lower case.
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// Whether this role may do what the other is needed for.
  public boolean atLeast(Role other) {
    return compareTo(other) <= 0;
  }

  /// The role that somebody needs to bring others in with this one: members may bring members and
  /// guests, everything else takes the role above.
  public Role toGive() {
    return switch (this) {
      case MEMBER, GUEST -> MEMBER;
      case MODERATOR -> ADMIN;
      case ADMIN, OWNER -> OWNER;
    };
  }

  /// Whether this role stands above the other.
  public boolean outranks(Role other) {
    return compareTo(other) < 0;
  }
}
