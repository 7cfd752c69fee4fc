package dev.parley.server.compat.workspace;

import dev.parley.server.base.Ids;
import dev.parley.server.base.Limits;
import dev.parley.server.base.Names;
import dev.parley.server.base.OrgId;
import dev.parley.server.base.Refusal;
import dev.parley.server.base.RoomId;
import dev.parley.server.base.UserId;
import dev.parley.server.compat.Mailbox;
import dev.parley.server.domain.access.AccessControl;
import dev.parley.server.domain.access.Principal;
import dev.parley.server.domain.access.RoomAccess;
import dev.parley.server.domain.message.HistoryCache;
import dev.parley.server.domain.message.Messages;
import dev.parley.server.domain.message.NewMessage;
import dev.parley.server.domain.org.Organization;
import dev.parley.server.domain.org.Organizations;
import dev.parley.server.domain.presence.Circle;
import dev.parley.server.domain.room.Room;
import dev.parley.server.domain.room.Rooms;
import dev.parley.server.domain.room.UserLog;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// The first seed's world in our words.
///
/// Its organizations are open organizations with the handle `ws:<id>`, its groups their public
/// rooms with the group's id as alias, its clients users of the family `ws`. All direct messages
/// lie in direct rooms of one reserved open organization, whose handle no client can name.
public final class Workspace {
  /// The organization id that clients cannot use, because the seed kept direct messages under it.
  static final String RESERVED = "dm";

  /// Those with a socket for direct messages.
  static final Circle DIRECT = new Circle("ws.dm");

  static final String FAMILY = "ws";
  private static final String PREFIX = FAMILY + ":";
  private static final String DIRECT_HANDLE = FAMILY + "." + RESERVED;
  private static final int ID_LENGTH = 128;
  static final UserId NOBODY = UserId.open(FAMILY, "");

  private final Organizations organizations;
  private final Rooms rooms;
  private final Messages messages;
  private final AccessControl accessControl;
  private final UserLog userLog;
  private final HistoryCache cache;
  private final Ids ids;

  /// Found or founded once; an organization's id never changes.
  private volatile @Nullable OrgId directOrg;

  public Workspace(
      Organizations organizations,
      Rooms rooms,
      Messages messages,
      AccessControl accessControl,
      UserLog userLog,
      HistoryCache cache,
      Ids ids) {
    this.organizations = organizations;
    this.rooms = rooms;
    this.messages = messages;
    this.accessControl = accessControl;
    this.userLog = userLog;
    this.cache = cache;
    this.ids = ids;
  }

  /// The client of this name; the empty name is that of broadcasts without a sender.
  ///
  /// @throws dev.parley.server.base.RefusedException bad_request for names that cannot be kept
  static Principal.Open client(String clientId) {
    return new Principal.Open(UserId.open(FAMILY, checked("clientId", clientId)));
  }

  /// Founds an organization; empty if the id is taken.
  Optional<Organization> createOrg(String id, String name) {
    if (id.equals(RESERVED)) {
      throw Refusal.badRequest("Organization id " + RESERVED + " is reserved");
    }
    var clean = Names.required("name", name, Limits.NAME);
    return organizations.createOpen(NOBODY, PREFIX + checked("id", id), clean);
  }

  Optional<Organization> findOrg(String id) {
    return organizations.findOpen(PREFIX + Names.storable("org id", id));
  }

  List<Organization> orgs() {
    return organizations.listOpen(PREFIX);
  }

  /// The id by which the clients know an organization.
  static String idOf(Organization org) {
    return org.handle().orElseThrow().substring(PREFIX.length());
  }

  /// Opens a group; empty if the id is taken.
  Optional<Room> createGroup(Organization org, String id, String name) {
    var clean = Names.required("name", name, Limits.NAME);
    return rooms.createOpen(org.id(), NOBODY, checked("id", id), clean);
  }

  Optional<Room> findGroup(Organization org, String id) {
    return rooms.findOpen(org.id(), Names.storable("group id", id));
  }

  Optional<Room> findGroup(String orgId, String groupId) {
    return findOrg(orgId).flatMap(org -> findGroup(org, groupId));
  }

  /// The group, which is created if there is none, as is its organization.
  Room obtainGroup(String orgId, String groupId) {
    var org =
        findOrg(orgId)
            .or(() -> createOrg(orgId, title(orgId)))
            .or(() -> findOrg(orgId))
            .orElseThrow(() -> Refusal.notFound("no such organization"));
    return findGroup(org, groupId)
        .or(() -> createGroup(org, groupId, title(groupId)))
        .or(() -> findGroup(org, groupId))
        .orElseThrow(() -> Refusal.notFound("no such group"));
  }

  /// An id as a name, which may not be as long.
  private static String title(String id) {
    int length = Math.min(id.codePointCount(0, id.length()), Limits.NAME);
    return id.substring(0, id.offsetByCodePoints(0, length));
  }

  /// The groups of an organization, oldest first.
  List<Room> groups(Organization org) {
    return rooms.listOpen(org.id(), NOBODY);
  }

  RoomAccess enter(Principal.Open who, RoomId room) {
    return accessControl.room(who, room);
  }

  /// For somebody who only looks.
  RoomAccess look(RoomId room) {
    return enter(new Principal.Open(NOBODY), room);
  }

  /// A message with an op of our own: these clients do not know of any.
  NewMessage message(String content, Map<String, String> labels) {
    return new NewMessage(ids.uuid(), content, OptionalLong.empty(), List.of(), labels);
  }

  /// The newest messages of a group, as far as the cache has them.
  WorkspaceShelf shelf(Room room, String orgId, String groupId) {
    return new WorkspaceShelf(cache, room, orgId, groupId);
  }

  Messages messages() {
    return messages;
  }

  /// The right to the direct room of two clients, which is opened if there is none.
  RoomAccess direct(Principal.Open from, UserId to) {
    return enter(from, rooms.directOpen(directOrg(), from.userId(), to).id());
  }

  Optional<Room> findDirect(UserId one, UserId other) {
    return rooms.findDirectOpen(directOrg(), one, other);
  }

  /// Everything that a client needs to hear its direct messages from now on.
  Mailbox mailbox(Principal.Open who) {
    return new Mailbox(who, directOrg(), rooms, accessControl, userLog);
  }

  private OrgId directOrg() {
    var known = directOrg;
    if (known == null) {
      known =
          organizations
              .findOpen(DIRECT_HANDLE)
              .or(() -> organizations.createOpen(NOBODY, DIRECT_HANDLE, "Direct messages"))
              .or(() -> organizations.findOpen(DIRECT_HANDLE))
              .orElseThrow()
              .id();
      directOrg = known;
    }
    return known;
  }

  private static String checked(String field, String id) {
    if (id.codePointCount(0, id.length()) > ID_LENGTH) {
      throw Refusal.badRequest(field + " must have at most " + ID_LENGTH + " characters");
    }
    return Names.storable(field, id);
  }
}
