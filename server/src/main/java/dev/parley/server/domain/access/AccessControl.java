package dev.parley.server.domain.access;

import dev.parley.server.base.OrgId;
import dev.parley.server.base.Refusal;
import dev.parley.server.base.RefusedException;
import dev.parley.server.base.RoomId;
import dev.parley.server.domain.access.MembershipLookup.RoomStanding;
import java.util.Optional;

/// The only maker of permission. What a principal may not see answers exactly as what does not
/// exist (C6).
public final class AccessControl {
  private final MembershipLookup memberships;

  public AccessControl(MembershipLookup memberships) {
    this.memberships = memberships;
  }

  /// Proof of membership in an organization.
  ///
  /// @throws RefusedException not_found, also for organizations of others
  public OrgAccess org(Principal principal, OrgId org) {
    var role =
        memberships
            .orgRole(org, principal.userId())
            .orElseThrow(() -> Refusal.notFound("no such organization"));
    return new OrgAccess(principal, org, role);
  }

  /// Proof that a principal may see a room: its members, and for a public room the members of its
  /// organization who are neither guests nor banned.
  ///
  /// @throws RefusedException not_found, also for rooms of others
  public RoomAccess room(Principal principal, RoomId room) {
    return memberships
        .room(room, principal.userId())
        .flatMap(standing -> room(principal, room, standing))
        .orElseThrow(() -> Refusal.notFound("no such room"));
  }

  /// Whether an organization of somebody has this room. Only for dialects whose clients are told of
  /// rooms that they may not see.
  public boolean exists(OrgAccess access, RoomId room) {
    return memberships
        .room(room, access.userId())
        .filter(standing -> standing.org().equals(access.orgId()))
        .isPresent();
  }

  /// [#room] for a standing that a store has just read together with other things; empty for rooms
  /// that the principal may not see.
  public Optional<RoomAccess> room(Principal principal, RoomId room, RoomStanding standing) {
    return Optional.of(standing)
        .filter(AccessControl::mayLook)
        .map(
            known ->
                new RoomAccess(
                    principal, known.org(), room, known.kind(), known.role(), known.orgRole()));
  }

  /// Whether an access that was granted before would be granted now. Whoever reads on behalf of a
  /// principal asks this after reading: then nothing that was committed after a removal is shown
  /// (C7).
  public boolean holds(RoomAccess access) {
    return memberships
        .room(access.roomId(), access.userId())
        .filter(AccessControl::mayLook)
        .filter(standing -> access.role().isEmpty() || standing.role().isPresent())
        .isPresent();
  }

  private static boolean mayLook(RoomStanding standing) {
    if (standing.banned()) {
      return false;
    }
    boolean openToOrg = standing.kind() == RoomKind.PUBLIC && standing.orgRole() != Role.GUEST;
    return standing.role().isPresent() || openToOrg;
  }
}
