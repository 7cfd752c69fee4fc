package dev.parley.server.compat.dual;

import dev.parley.server.base.Ids;
import dev.parley.server.base.OrgId;
import dev.parley.server.base.Refusal;
import dev.parley.server.base.RefusedException;
import dev.parley.server.base.UserId;
import dev.parley.server.compat.Mailbox;
import dev.parley.server.domain.access.AccessControl;
import dev.parley.server.domain.access.Principal;
import dev.parley.server.domain.access.RoomAccess;
import dev.parley.server.domain.message.Messages;
import dev.parley.server.domain.message.NewMessage;
import dev.parley.server.domain.org.Organizations;
import dev.parley.server.domain.presence.Presence;
import dev.parley.server.domain.room.Members;
import dev.parley.server.domain.room.Room;
import dev.parley.server.domain.room.Rooms;
import dev.parley.server.domain.room.UserLog;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/// The fourth seed's world in our words: one organization that the server keeps, of which everybody
/// is a member who registers or connects there; each hub is a public room of it, and private
/// messages lie in its direct rooms.
public final class Dual {
  /// The organization's id, the same on every server.
  static final OrgId ORG = OrgId.of("d0a1c4a7-0000-8000-8000-000000000004");

  static final String NAME = "Dual server";

  private final Organizations organizations;
  private final Rooms rooms;
  private final Members members;
  private final Messages messages;
  private final AccessControl accessControl;
  private final UserLog userLog;
  private final Presence presence;
  private final Ids ids;

  /// Set once the organization is there; it never goes.
  private volatile boolean founded;

  public Dual(
      Organizations organizations,
      Rooms rooms,
      Members members,
      Messages messages,
      AccessControl accessControl,
      UserLog userLog,
      Presence presence,
      Ids ids) {
    this.organizations = organizations;
    this.rooms = rooms;
    this.members = members;
    this.messages = messages;
    this.accessControl = accessControl;
    this.userLog = userLog;
    this.presence = presence;
    this.ids = ids;
  }

  /// Makes an account one of those who can be written to.
  void enrol(UserId user) {
    if (!founded) {
      organizations.reserve(ORG, NAME);
      founded = true;
    }
    organizations.enrol(ORG, user);
  }

  /// A place in a hub.
  ///
  /// @param after the last event of its room before the socket was opened
  record Place(Hub hub, Principal.Account who, RoomAccess access, long after) {}

  /// Takes somebody into a hub.
  Place enter(Principal.Account who, Hub hub) {
    enrol(who.userId());
    var room =
        find(hub)
            .or(() -> rooms.createOpen(ORG, who.userId(), hub.alias(), hub.title()))
            .or(() -> find(hub))
            .orElseThrow(() -> Refusal.notFound("no such hub"));
    var access = accessControl.room(who, room.id());
    if (access.role().isEmpty()) {
      members.join(access);
      access = accessControl.room(who, room.id());
    }
    return new Place(hub, who, access, room.head().pos());
  }

  /// The right to the direct room with somebody; empty if there is nobody of that id.
  Optional<RoomAccess> direct(Principal.Account who, UserId other) {
    try {
      var room = rooms.direct(accessControl.org(who, ORG), other);
      return Optional.of(accessControl.room(who, room.id()));
    } catch (RefusedException e) {
      if (e.refusal() instanceof Refusal.NotFound) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /// Everything that somebody needs to hear private messages from now on.
  Mailbox mailbox(Principal.Account who) {
    return new Mailbox(who, ORG, rooms, accessControl, userLog);
  }

  /// A message with an op of our own: these clients do not know of any.
  NewMessage message(String content, Map<String, String> labels) {
    return new NewMessage(ids.uuid(), content, OptionalLong.empty(), List.of(), labels);
  }

  Messages messages() {
    return messages;
  }

  Members members() {
    return members;
  }

  Presence presence() {
    return presence;
  }

  private Optional<Room> find(Hub hub) {
    return rooms.findOpen(ORG, hub.alias());
  }
}
