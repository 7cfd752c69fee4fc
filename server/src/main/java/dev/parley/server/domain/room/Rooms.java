package dev.parley.server.domain.room;

import dev.parley.server.base.Ids;
import dev.parley.server.base.Limits;
import dev.parley.server.base.Names;
import dev.parley.server.base.OrgId;
import dev.parley.server.base.Refusal;
import dev.parley.server.base.RefusedException;
import dev.parley.server.base.RoomId;
import dev.parley.server.base.UserId;
import dev.parley.server.domain.access.AccessControl;
import dev.parley.server.domain.access.MembershipLookup;
import dev.parley.server.domain.access.OrgAccess;
import dev.parley.server.domain.access.Role;
import dev.parley.server.domain.access.RoomAccess;
import dev.parley.server.domain.access.RoomKind;
import dev.parley.server.domain.event.EventBus;
import dev.parley.server.domain.event.RoomEvent;
import dev.parley.server.domain.room.RoomStore.NewMember;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/// What one can do with rooms.
public final class Rooms {
  private final RoomStore store;
  private final RoomLog log;
  private final MembershipLookup memberships;
  private final AccessControl accessControl;
  private final EventBus bus;
  private final Ids ids;
  private final InstantSource clock;

  public Rooms(
      RoomStore store,
      RoomLog log,
      MembershipLookup memberships,
      AccessControl accessControl,
      EventBus bus,
      Ids ids,
      InstantSource clock) {
    this.store = store;
    this.log = log;
    this.memberships = memberships;
    this.accessControl = accessControl;
    this.bus = bus;
    this.ids = ids;
    this.clock = clock;
  }

  /// Opens a room; its creator owns it. Guests cannot.
  public Room create(OrgAccess access, RoomKind kind, String name, String topic) {
    access.require(Role.MEMBER);
    if (kind == RoomKind.DIRECT) {
      throw Refusal.badRequest("a direct room is opened with the other user's id, not by name");
    }
    var room =
        fresh(
            access.orgId(),
            kind,
            Optional.empty(),
            Names.required("name", name, Limits.NAME),
            Names.optional("topic", topic, Limits.TOPIC),
            access.userId());
    return keep(room, List.of(new NewMember(access.userId(), Role.OWNER))).room();
  }

  /// The direct room of the caller and another member of the organization (or the caller alone),
  /// opened if there is none yet.
  public Room direct(OrgAccess access, UserId other) {
    if (memberships.orgRole(access.orgId(), other).isEmpty()) {
      throw Refusal.notFound("no such user");
    }
    return direct(access.orgId(), access.userId(), other);
  }

  /// The direct room of two users of the open realm.
  public Room directOpen(OrgId openOrg, UserId one, UserId other) {
    return direct(openOrg, one, other);
  }

  /// The direct room of two users of the open realm, if there is one.
  public Optional<Room> findDirectOpen(OrgId openOrg, UserId one, UserId other) {
    return store.findAlias(openOrg, Room.directAlias(one, other));
  }

  /// Opens a public room of the open realm under the name that its clients use; empty if it is
  /// taken.
  public Optional<Room> createOpen(OrgId openOrg, UserId creator, String alias, String name) {
    if (store.countPublic(openOrg) >= Limits.OPEN) {
      throw new RefusedException(new Refusal.Quota("there are too many rooms"));
    }
    var room = fresh(openOrg, RoomKind.PUBLIC, Optional.of(alias), name, "", creator);
    var created = keep(room, List.of());
    return created.fresh() ? Optional.of(created.room()) : Optional.empty();
  }

  /// The room of the open realm with this name.
  public Optional<Room> findOpen(OrgId openOrg, String alias) {
    return store.findAlias(openOrg, alias);
  }

  /// All rooms of an organization of the open realm, oldest first.
  public List<Room> listOpen(OrgId openOrg, UserId asker) {
    return store.list(openOrg, asker, Limits.OPEN);
  }

  /// One room.
  public Room get(RoomAccess access) {
    return store
        .find(access.orgId(), access.roomId())
        .orElseThrow(() -> Refusal.notFound("no such room"));
  }

  /// The rooms of an organization that the caller may see: the public ones (unless a guest) and the
  /// caller's own.
  public List<Room> list(OrgAccess access) {
    var rooms = store.list(access.orgId(), access.userId(), Limits.ROOMS_PER_USER);
    if (access.role() != Role.GUEST) {
      return rooms;
    }
    var mine = inbox(access.orgId(), access.userId(), Optional.empty(), Limits.ROOMS_PER_USER);
    var ids = mine.stream().map(entry -> entry.room().id()).toList();
    return rooms.stream().filter(room -> ids.contains(room.id())).toList();
  }

  /// The rooms of a user in all organizations, with unread and mentions.
  public Inbox inbox(UserId user, Optional<String> mark, int limit) {
    return store.inbox(user, mark, Math.clamp(limit, 1, Limits.ROOMS_PER_USER));
  }

  /// The rooms of a user in one organization, of one kind if it is named, those in which something
  /// happened last first.
  public List<InboxEntry> inbox(OrgId org, UserId user, Optional<RoomKind> kind, int limit) {
    return store.inbox(org, user, kind, Math.clamp(limit, 1, Limits.ROOMS_PER_USER));
  }

  /// Changes name, topic or archived flag; what is empty stays.
  public Room change(
      RoomAccess access,
      Optional<String> name,
      Optional<String> topic,
      Optional<Boolean> archived) {
    access.require(Role.MODERATOR);
    var room = get(access);
    store
        .change(
            access.orgId(),
            access.roomId(),
            access.userId(),
            name.map(text -> Names.required("name", text, Limits.NAME)).orElse(room.name()),
            topic.map(text -> Names.optional("topic", text, Limits.TOPIC)).orElse(room.topic()),
            archived.orElse(room.archived()))
        .publish(bus);
    return get(access);
  }

  /// The events after a position, for members and for those who may look into a public room.
  public List<RoomEvent> events(RoomAccess access, long after, int limit) {
    var page = log.read(access.orgId(), access.roomId(), after, Math.clamp(limit, 1, Limits.PAGE));
    if (!accessControl.holds(access)) {
      throw Refusal.notFound("no such room");
    }
    return page;
  }

  /// Where the log stands.
  public RoomLog.Head head(RoomAccess access) {
    return log.head(access.orgId(), access.roomId());
  }

  private Room direct(OrgId org, UserId one, UserId other) {
    var members =
        one.equals(other)
            ? List.of(new NewMember(one, Role.MEMBER))
            : List.of(new NewMember(one, Role.MEMBER), new NewMember(other, Role.MEMBER));
    var alias = Room.directAlias(one, other);
    return store
        .findAlias(org, alias)
        .orElseGet(
            () ->
                keep(fresh(org, RoomKind.DIRECT, Optional.of(alias), "", "", one), members).room());
  }

  private RoomStore.Created keep(Room room, List<NewMember> members) {
    var created = store.create(room, members);
    created.committed().publish(bus);
    return created;
  }

  private Room fresh(
      OrgId org, RoomKind kind, Optional<String> alias, String name, String topic, UserId creator) {
    return new Room(
        org,
        new RoomId(ids.uuid()),
        kind,
        alias,
        name,
        topic,
        false,
        creator,
        clock.instant(),
        new RoomLog.Head(ids.epoch(), 0, 0));
  }
}
