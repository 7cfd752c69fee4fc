package dev.parley.server.compat.gochat;

import dev.parley.server.base.OrgId;
import dev.parley.server.base.Refusal;
import dev.parley.server.base.RefusedException;
import dev.parley.server.base.RoomId;
import dev.parley.server.base.UserId;
import dev.parley.server.domain.access.AccessControl;
import dev.parley.server.domain.access.OrgAccess;
import dev.parley.server.domain.access.Principal;
import dev.parley.server.domain.access.Role;
import dev.parley.server.domain.access.RoomAccess;
import dev.parley.server.domain.access.RoomKind;
import dev.parley.server.domain.org.Organizations;
import dev.parley.server.domain.room.Members;
import java.util.Optional;

/// The third seed's world in our words: one organization that the server keeps, of which every
/// account is a member that speaks this dialect; the seed's rooms are the rooms of that
/// organization, and no others.
public final class GoChat {
  /// The organization's id, the same on every server.
  static final OrgId ORG = OrgId.of("60c4a700-0000-8000-8000-000000000003");

  static final String NAME = "GoChat";

  private static final String NO_ROOM = "Room not found";
  static final String NO_MEMBER = "Not a member of this room";
  private static final String NO_ROOM_ID = "Invalid room ID";

  private final Organizations organizations;
  private final Members members;
  private final AccessControl accessControl;

  /// Set once the organization is there; it never goes.
  private volatile boolean founded;

  public GoChat(Organizations organizations, Members members, AccessControl accessControl) {
    this.organizations = organizations;
    this.members = members;
    this.accessControl = accessControl;
  }

  /// Makes an account one of those who speak this dialect.
  void enrol(UserId user) {
    if (!founded) {
      organizations.reserve(ORG, NAME);
      founded = true;
    }
    organizations.enrol(ORG, user);
  }

  /// The right to be here; who comes for the first time gets it now.
  OrgAccess hall(Principal.Account who) {
    try {
      return accessControl.org(who, ORG);
    } catch (RefusedException e) {
      enrol(who.userId());
      return accessControl.org(who, ORG);
    }
  }

  /// Takes somebody into a room: public ones are open to all, the others to their members.
  ///
  /// @throws RefusedException bad_request for what is no id; not_found; forbidden
  RoomAccess enter(Principal.Account who, String roomId) {
    var room = room(roomId);
    var access =
        look(who, room).or(() -> lookAgain(who, room)).orElseThrow(() -> refused(who, room));
    if (access.role().isPresent()) {
      return access;
    }
    members.join(access);
    return look(who, room).orElseThrow(() -> refused(who, room)).requireMember();
  }

  /// The right to a room of which somebody is a member; nobody becomes one here.
  RoomAccess member(Principal.Account who, String roomId) {
    var room = room(roomId);
    return look(who, room)
        .filter(access -> access.role().isPresent())
        .orElseThrow(() -> refused(who, room));
  }

  /// The role of this dialect: those who made a room are its admins.
  static String role(Role role) {
    return switch (role) {
      case OWNER, ADMIN -> "admin";
      case MODERATOR -> "moderator";
      case MEMBER, GUEST -> "member";
    };
  }

  /// The type of this dialect.
  static String type(RoomKind kind) {
    return kind == RoomKind.DIRECT ? "dm" : kind.wireName();
  }

  /// The room of an id.
  ///
  /// @throws RefusedException bad_request
  static RoomId room(String text) {
    try {
      return RoomId.of(text);
    } catch (RefusedException e) {
      throw Refusal.badRequest(NO_ROOM_ID);
    }
  }

  private Optional<RoomAccess> look(Principal.Account who, RoomId room) {
    try {
      return Optional.of(accessControl.room(who, room)).filter(found -> found.orgId().equals(ORG));
    } catch (RefusedException e) {
      return Optional.empty();
    }
  }

  /// Somebody who comes for the first time sees more once they are one of us.
  private Optional<RoomAccess> lookAgain(Principal.Account who, RoomId room) {
    hall(who);
    return look(who, room);
  }

  private RefusedException refused(Principal.Account who, RoomId room) {
    return accessControl.exists(hall(who), room)
        ? Refusal.forbidden(NO_MEMBER)
        : Refusal.notFound(NO_ROOM);
  }
}
