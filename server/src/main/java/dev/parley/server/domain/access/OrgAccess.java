package dev.parley.server.domain.access;

import dev.parley.server.base.OrgId;
import dev.parley.server.base.Refusal;
import dev.parley.server.base.UserId;

/// Proof that a principal is a member of an organization. Only [AccessControl] makes one.
public final class OrgAccess {
  private final Principal principal;
  private final OrgId orgId;
  private final Role role;

  OrgAccess(Principal principal, OrgId orgId, Role role) {
    this.principal = principal;
    this.orgId = orgId;
    this.role = role;
  }

  /// The organization.
  public OrgId orgId() {
    return orgId;
  }

  /// Who has the access.
  public UserId userId() {
    return principal.userId();
  }

  /// The role in the organization.
  public Role role() {
    return role;
  }

  /// Goes on only if the role suffices.
  ///
  /// @throws dev.parley.server.base.RefusedException forbidden
  public OrgAccess require(Role needed) {
    if (!role.atLeast(needed)) {
      throw Refusal.forbidden("this needs the role " + needed.wireName() + " in the organization");
    }
    return this;
  }
}
