package dev.parley.server.domain.access;

import dev.parley.server.base.OrgId;
import dev.parley.server.base.Refusal;
import dev.parley.server.base.RoomId;
import dev.parley.server.base.UserId;
import java.util.Optional;

/// Proof that a principal may see a room, and as what. Only [AccessControl] makes one. It is a
/// snapshot: whatever writes checks the membership once more inside its transaction.
public final class RoomAccess {
  private final Principal principal;
  private final OrgId orgId;
  private final RoomId roomId;
  private final RoomKind kind;
  private final Optional<Role> role;
  private final Role orgRole;

  RoomAccess(
      Principal principal,
      OrgId orgId,
      RoomId roomId,
      RoomKind kind,
      Optional<Role> role,
      Role orgRole) {
    this.principal = principal;
    this.orgId = orgId;
    this.roomId = roomId;
    this.kind = kind;
    this.role = role;
    this.orgRole = orgRole;
  }

  /// The organization of the room.
  public OrgId orgId() {
    return orgId;
  }

  /// The room.
  public RoomId roomId() {
    return roomId;
  }

  /// How people get into it.
  public RoomKind kind() {
    return kind;
  }

  /// Who has the access.
  public UserId userId() {
    return principal.userId();
  }

  /// The role in the organization.
  public Role orgRole() {
    return orgRole;
  }

  /// The role in the room; empty for somebody who merely looks into a public room.
  public Optional<Role> role() {
    return role;
  }

  /// Goes on only for members.
  ///
  /// @throws dev.parley.server.base.RefusedException forbidden
  public RoomAccess requireMember() {
    if (role.isEmpty()) {
      throw Refusal.forbidden("join the room first");
    }
    return this;
  }

  /// Goes on only if the role in the room, or being admin of the organization, suffices.
  ///
  /// @throws dev.parley.server.base.RefusedException forbidden
  public RoomAccess require(Role needed) {
    if (!has(needed)) {
      throw Refusal.forbidden("this needs the role " + needed.wireName() + " in the room");
    }
    return this;
  }

  /// Whether the role in the room, or being admin of the organization, suffices.
  public boolean has(Role needed) {
    boolean inRoom = role.isPresent() && role.get().atLeast(needed);
    boolean overOrg = role.isPresent() && kind != RoomKind.DIRECT && orgRole.atLeast(Role.ADMIN);
    return inRoom || overOrg;
  }
}
