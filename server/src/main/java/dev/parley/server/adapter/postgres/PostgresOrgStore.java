package dev.parley.server.adapter.postgres;

import dev.parley.server.base.Ids;
import dev.parley.server.base.Limits;
import dev.parley.server.base.OrgId;
import dev.parley.server.base.Refusal;
import dev.parley.server.base.RefusedException;
import dev.parley.server.base.RoomId;
import dev.parley.server.base.UserId;
import dev.parley.server.domain.access.Role;
import dev.parley.server.domain.event.Committed;
import dev.parley.server.domain.event.RoomEvent;
import dev.parley.server.domain.event.RoomEvent.LeaveReason;
import dev.parley.server.domain.event.RoomEvent.MemberLeft;
import dev.parley.server.domain.event.UserEvent;
import dev.parley.server.domain.org.OrgMember;
import dev.parley.server.domain.org.OrgStore;
import dev.parley.server.domain.org.Organization;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Keeps organizations in PostgreSQL.
public final class PostgresOrgStore implements OrgStore {
  private static final String COLUMNS = "org_id, name, handle, created_by, created_at";

  private final Database database;
  private final UserJournal journal;
  private final InstantSource clock;

  public PostgresOrgStore(Database database, Ids ids, InstantSource clock) {
    this.database = database;
    this.journal = new UserJournal(ids);
    this.clock = clock;
  }

  @Override
  public boolean create(Organization org, Optional<UserId> owner) {
    return database.inOrg(
        org.id(),
        tx -> {
          if (owner.isPresent()) {
            requireRoom(tx, owner.get());
          }
          int rows =
              tx.update(
                  """
                  insert into parley.org (org_id, name, handle, open, created_by, created_at)
                  values (?, ?, ?, ?, ?, ?) on conflict do nothing
                  """,
                  org.id().value(),
                  org.name(),
                  org.handle(),
                  org.open(),
                  org.createdBy().value(),
                  org.createdAt());
          if (rows == 1 && owner.isPresent()) {
            insert(tx, org.id(), OrgMember.fresh(owner.get(), Role.OWNER, org.createdAt()));
          }
          return rows == 1;
        });
  }

  @Override
  public Optional<Organization> find(OrgId org) {
    return database.inOrg(
        org,
        tx ->
            tx.queryOne(
                "select " + COLUMNS + " from parley.org where org_id = ?",
                PostgresOrgStore::organization,
                org.value()));
  }

  @Override
  public Optional<Organization> findOpen(String handle) {
    return database.global(
        tx ->
            tx.queryOne(
                "select " + COLUMNS + " from parley.org where handle = ? and open",
                PostgresOrgStore::organization,
                handle));
  }

  @Override
  public List<Organization> listOpen(String prefix, int limit) {
    return database.global(
        tx ->
            tx.query(
                "select "
                    + COLUMNS
                    + " from parley.org where open and starts_with(handle, ?) order by handle limit ?",
                PostgresOrgStore::organization,
                prefix,
                limit));
  }

  @Override
  public long countOpen() {
    return database
        .global(
            tx ->
                tx.queryOne(
                    "select count(*) as open from parley.org where open",
                    row -> row.number("open")))
        .orElse(0L);
  }

  @Override
  public List<Organization> listOf(UserId user) {
    return database.inUser(
        user,
        tx ->
            tx.query(
                """
                select o.org_id, o.name, o.handle, o.created_by, o.created_at
                  from parley.org_member m join parley.org o on o.org_id = m.org_id
                 where m.user_id = ? order by m.joined_at, o.org_id limit ?
                """,
                PostgresOrgStore::organization,
                user.value(),
                Limits.ORGS_PER_USER));
  }

  @Override
  public List<OrgMember> members(OrgId org, Optional<UserId> after, int limit) {
    return database.inOrg(
        org,
        tx ->
            tx.query(
                """
                select m.user_id, m.role, m.joined_at, a.username
                  from parley.org_member m left join parley.account a using (user_id)
                 where m.org_id = ? and m.user_id > ? order by m.user_id limit ?
                """,
                PostgresOrgStore::member,
                org.value(),
                after.map(UserId::value).orElse(""),
                limit));
  }

  @Override
  public void addMember(OrgId org, OrgMember member) {
    int added =
        database.inOrg(
            org,
            tx -> {
              requireAccount(tx, member.user());
              requireRoom(tx, member.user());
              return insert(tx, org, member);
            });
    if (added == 0) {
      throw Refusal.conflict("the user is a member already");
    }
  }

  private static void requireAccount(OrgTx tx, UserId user) {
    var _ =
        tx.queryOne(
                "select user_id from parley.account where user_id = ?",
                row -> row.text("user_id"),
                user.value())
            .orElseThrow(() -> Refusal.notFound("no such user"));
  }

  /// The memberships of a user are counted one change after the other, over all organizations: they
  /// see their own.
  private static void requireRoom(OrgTx tx, UserId user) {
    tx.query(
        """
        select set_config('parley.user_id', ?, true) as who,
               pg_advisory_xact_lock(hashtextextended(?, 1))::text as locked
        """,
        row -> row.text("who"),
        user.value(),
        user.value());
    int orgs =
        tx.queryOne(
                "select count(*) as orgs from parley.org_member where user_id = ?",
                row -> row.integer("orgs"),
                user.value())
            .orElse(0);
    if (orgs >= Limits.ORGS_PER_USER) {
      throw new RefusedException(
          new Refusal.Quota("a user is in at most " + Limits.ORGS_PER_USER + " organizations"));
    }
  }

  @Override
  public void enrol(OrgId org, OrgMember member) {
    database.inOrg(org, tx -> insert(tx, org, member));
  }

  @Override
  public void changeRole(OrgId org, UserId actor, UserId user, Role role) {
    database.inOrg(
        org,
        tx -> {
          lock(tx, org);
          var now = requireRole(tx, org, user);
          requireOutranks(requireRole(tx, org, actor), now, role);
          requireOwnerLeft(tx, org, now, role == Role.OWNER);
          journal.reduced(tx, user);
          return tx.update(
              "update parley.org_member set role = ? where org_id = ? and user_id = ?",
              role.wireName(),
              org.value(),
              user.value());
        });
  }

  @Override
  public Committed removeMember(OrgId org, UserId actor, UserId user) {
    return database.inOrg(
        org,
        tx -> {
          lock(tx, org);
          var now = requireRole(tx, org, user);
          if (!actor.equals(user)) {
            requireOutranks(requireRole(tx, org, actor), now, now);
          }
          requireOwnerLeft(tx, org, now, false);
          var reason = actor.equals(user) ? LeaveReason.LEFT : LeaveReason.REMOVED;
          // First, so that nobody becomes a member of a room meanwhile (LockedRoom.requireOfOrg).
          tx.update(
              "delete from parley.org_member where org_id = ? and user_id = ?",
              org.value(),
              user.value());
          var left = leaveRooms(tx, org, actor, user, reason);
          journal.reduced(tx, user);
          return left;
        });
  }

  private Committed leaveRooms(OrgTx tx, OrgId org, UserId actor, UserId user, LeaveReason reason) {
    var now = clock.instant();
    var roomEvents = new ArrayList<RoomEvent>();
    var rooms = roomsOf(tx, org, user);
    for (var room : rooms) {
      var locked = LockedRoom.lock(tx, org, room);
      locked.append(now, stamp -> new MemberLeft(stamp, actor, user, reason));
      roomEvents.addAll(locked.close());
    }
    tx.update(
        "delete from parley.room_member where org_id = ? and user_id = ? and not banned",
        org.value(),
        user.value());
    return new Committed(roomEvents, leftEvents(tx, org, user, rooms, now, reason));
  }

  private List<UserEvent> leftEvents(
      OrgTx tx, OrgId org, UserId user, List<RoomId> rooms, Instant now, LeaveReason reason) {
    var events = new ArrayList<UserEvent>();
    for (var room : rooms) {
      events.add(journal.left(tx, user, org, room, now, reason));
    }
    return events;
  }

  private static List<RoomId> roomsOf(OrgTx tx, OrgId org, UserId user) {
    return tx.query(
        """
        select room_id from parley.room_member
         where org_id = ? and user_id = ? and not banned order by room_id
        """,
        row -> new RoomId(row.uuid("room_id")),
        org.value(),
        user.value());
  }

  /// Changes of roles come one after the other, so that the last owner cannot be lost between two
  /// of them.
  private static void lock(OrgTx tx, OrgId org) {
    tx.query(
        "select open from parley.org where org_id = ? for no key update",
        row -> row.flag("open"),
        org.value());
  }

  private static Role requireRole(OrgTx tx, OrgId org, UserId user) {
    return tx.queryOne(
            "select role from parley.org_member where org_id = ? and user_id = ?",
            row -> Role.ofWireName(row.text("role")),
            org.value(),
            user.value())
        .orElseThrow(() -> Refusal.notFound("no such member"));
  }

  private static void requireOutranks(Role actor, Role before, Role after) {
    boolean may =
        actor == Role.OWNER
            || (actor.atLeast(Role.ADMIN) && actor.outranks(before) && !after.outranks(actor));
    if (!may) {
      throw Refusal.forbidden("your role does not outrank the member's");
    }
  }

  private static void requireOwnerLeft(OrgTx tx, OrgId org, Role now, boolean stays) {
    if (now != Role.OWNER || stays) {
      return;
    }
    var owners =
        tx.queryOne(
            "select count(*) as owners from parley.org_member where org_id = ? and role = 'owner'",
            row -> row.integer("owners"),
            org.value());
    if (owners.orElse(0) <= 1) {
      throw Refusal.conflict("an organization keeps at least one owner; name another one first");
    }
  }

  private static int insert(OrgTx tx, OrgId org, OrgMember member) {
    return tx.update(
        """
        insert into parley.org_member (org_id, user_id, role, joined_at) values (?, ?, ?, ?)
        on conflict do nothing
        """,
        org.value(),
        member.user().value(),
        member.role().wireName(),
        member.joinedAt());
  }

  private static Organization organization(Row row) throws SQLException {
    return new Organization(
        new OrgId(row.uuid("org_id")),
        row.text("name"),
        row.optionalText("handle"),
        new UserId(row.text("created_by")),
        row.instant("created_at"));
  }

  private static OrgMember member(Row row) throws SQLException {
    return new OrgMember(
        new UserId(row.text("user_id")),
        Role.ofWireName(row.text("role")),
        row.instant("joined_at"),
        row.optionalText("username"));
  }
}
