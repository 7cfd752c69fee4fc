package dev.parley.server.adapter.postgres;

import dev.parley.server.base.Ids;
import dev.parley.server.base.Limits;
import dev.parley.server.base.OrgId;
import dev.parley.server.base.Refusal;
import dev.parley.server.base.RefusedException;
import dev.parley.server.base.RoomId;
import dev.parley.server.base.UserId;
import dev.parley.server.domain.access.MembershipLookup.RoomStanding;
import dev.parley.server.domain.access.Role;
import dev.parley.server.domain.access.RoomKind;
import dev.parley.server.domain.event.Committed;
import dev.parley.server.domain.event.RoomEvent;
import dev.parley.server.domain.event.RoomEvent.LeaveReason;
import dev.parley.server.domain.event.UserEvent;
import dev.parley.server.domain.room.Inbox;
import dev.parley.server.domain.room.InboxEntry;
import dev.parley.server.domain.room.Member;
import dev.parley.server.domain.room.Room;
import dev.parley.server.domain.room.RoomLog;
import dev.parley.server.domain.room.RoomStore;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;

/// Keeps rooms and their members in PostgreSQL.
public final class PostgresRoomStore implements RoomStore {
  private static final String COLUMNS =
      """
      r.org_id, r.room_id, r.kind, r.alias, r.name, r.topic, r.archived_at is not null as archived,
      r.created_by, r.created_at, r.epoch, r.last_pos, r.last_seq
      """;

  private final Database database;
  private final UserJournal journal;
  private final InstantSource clock;

  public PostgresRoomStore(Database database, Ids ids, InstantSource clock) {
    this.database = database;
    this.journal = new UserJournal(ids);
    this.clock = clock;
  }

  @Override
  public Created create(Room room, List<NewMember> members) {
    return database.inOrg(
        room.org(),
        tx -> {
          if (insert(tx, room) == 0) {
            var there = findAlias(tx, room.org(), room.alias().orElseThrow());
            return new Created(there.orElseThrow(), false, Committed.NOTHING);
          }
          if (!members.isEmpty()) {
            requireSpace(tx, room.org(), room.id(), room.createdBy());
          }
          var locked = LockedRoom.lock(tx, room.org(), room.id());
          locked.append(
              room.createdAt(),
              stamp ->
                  new RoomEvent.RoomChanged(
                      stamp, room.createdBy(), room.name(), room.topic(), false));
          var userEvents = new ArrayList<UserEvent>();
          for (var member :
              members.stream().sorted(Comparator.comparing(NewMember::user)).toList()) {
            userEvents.add(
                admit(
                    tx, locked, room.org(), room.id(), room.createdBy(), member, room.createdAt()));
          }
          var committed = new Committed(locked.close(), userEvents);
          return new Created(find(tx, room.org(), room.id()).orElseThrow(), true, committed);
        });
  }

  @Override
  public Optional<Room> find(OrgId org, RoomId room) {
    return database.inOrg(org, tx -> find(tx, org, room));
  }

  @Override
  public Optional<Room> findAlias(OrgId org, String alias) {
    return database.inOrg(org, tx -> findAlias(tx, org, alias));
  }

  @Override
  public List<Room> list(OrgId org, UserId user, int limit) {
    return database.inOrg(
        org,
        tx ->
            tx.query(
                "select "
                    + COLUMNS
                    + """
                     from parley.room r
                    where r.org_id = ? and (r.kind = 'public' or exists (
                      select 1 from parley.room_member m
                       where m.org_id = r.org_id and m.room_id = r.room_id and m.user_id = ? and not m.banned))
                    order by r.created_at, r.room_id limit ?
                    """,
                PostgresRoomStore::room,
                org.value(),
                user.value(),
                limit));
  }

  @Override
  public long countPublic(OrgId org) {
    return database
        .inOrg(
            org,
            tx ->
                tx.queryOne(
                    "select count(*) as rooms from parley.room where org_id = ? and kind = 'public'",
                    row -> row.number("rooms"),
                    org.value()))
        .orElse(0L);
  }

  @Override
  public Inbox inbox(UserId user, Optional<String> mark, int limit) {
    var since = new InboxMark(mark);
    var entries = new ArrayList<InboxEntry>();
    var place =
        database.inUser(
            user,
            tx -> {
              var next =
                  tx.queryOne(
                      "select pg_snapshot_xmin(pg_current_snapshot())::text as mark",
                      row -> row.text("mark"));
              var orgs =
                  tx.query(
                      "select distinct org_id from parley.room_member where user_id = ? order by 1",
                      row -> new OrgId(row.uuid("org_id")),
                      user.value());
              return new Place(next.orElseThrow(), orgs);
            });
    for (var org : place.orgs()) {
      if (entries.size() <= limit) {
        entries.addAll(
            inbox(
                org,
                user,
                Optional.empty(),
                since.sinceXid(place.mark()),
                limit + 1 - entries.size()));
      }
    }
    boolean truncated = entries.size() > limit;
    return new Inbox(truncated ? entries.subList(0, limit) : entries, place.mark(), truncated);
  }

  @Override
  public List<InboxEntry> inbox(OrgId org, UserId user, Optional<RoomKind> kind, int limit) {
    return inbox(org, user, kind, "0", limit);
  }

  @Override
  public List<RoomId> roomsOf(UserId user, int limit) {
    return database.inUser(
        user,
        tx ->
            tx.query(
                "select room_id from parley.room_member where user_id = ? and not banned limit ?",
                row -> new RoomId(row.uuid("room_id")),
                user.value(),
                limit));
  }

  /// A snapshot's lower bound and the organizations that the user has rooms in.
  private record Place(String mark, List<OrgId> orgs) {}

  private List<InboxEntry> inbox(
      OrgId org, UserId user, Optional<RoomKind> kind, String since, int limit) {
    var wireName = kind.map(RoomKind::wireName);
    return database.inOrg(
        org,
        tx ->
            tx.query(
                "select "
                    + COLUMNS
                    + """
                    , m.role as member_role, coalesce(om.role, 'member') as org_role, m.read_seq, (r.changed >= ?::text::xid8 or m.changed >= ?::text::xid8) as changed, r.last_seq - m.read_seq as unread,
                    (select count(*) from parley.mention n
                      where n.org_id = m.org_id and n.room_id = m.room_id and n.user_id = m.user_id
                        and n.seq > m.read_seq) as mentions
                    from parley.room_member m
                    join parley.room r on r.org_id = m.org_id and r.room_id = m.room_id
                    left join parley.org_member om on om.org_id = m.org_id and om.user_id = m.user_id
                    where m.org_id = ? and m.user_id = ? and not m.banned
                      and (?::text is null or r.kind = ?)
                    order by r.last_at desc, r.room_id limit ?
                    """,
                row ->
                    new InboxEntry(
                        room(row),
                        standing(row),
                        row.number("read_seq"),
                        row.number("unread"),
                        row.number("mentions"),
                        row.flag("changed")),
                since,
                since,
                org.value(),
                user.value(),
                wireName,
                wireName,
                limit));
  }

  @Override
  public Committed change(
      OrgId org, RoomId room, UserId actor, String name, String topic, boolean archived) {
    return database.inOrg(
        org,
        tx -> {
          var locked = LockedRoom.lock(tx, org, room);
          require(locked.rank(actor), Role.MODERATOR);
          var was = locked.state();
          if (was.name().equals(name) && was.topic().equals(topic) && was.archived() == archived) {
            return Committed.NOTHING;
          }
          tx.update(
              """
              update parley.room set name = ?, topic = ?,
                     archived_at = case when ? then coalesce(archived_at, ?) end
               where org_id = ? and room_id = ?
              """,
              name,
              topic,
              archived,
              clock.instant(),
              org.value(),
              room.value());
          locked.append(
              clock.instant(),
              stamp -> new RoomEvent.RoomChanged(stamp, actor, name, topic, archived));
          return new Committed(locked.close(), List.of());
        });
  }

  @Override
  public List<Member> members(OrgId org, RoomId room, Optional<UserId> after, int limit) {
    return database.inOrg(
        org,
        tx ->
            tx.query(
                """
                select user_id, role, joined_pos, joined_at, read_seq, delivered_pos
                  from parley.room_member
                 where org_id = ? and room_id = ? and user_id > ? and not banned
                 order by user_id limit ?
                """,
                PostgresRoomStore::member,
                org.value(),
                room.value(),
                after.map(UserId::value).orElse(""),
                limit));
  }

  @Override
  public Committed addMember(OrgId org, RoomId room, UserId actor, NewMember member) {
    return database.inOrg(org, tx -> addMember(tx, org, room, actor, member));
  }

  @Override
  public Committed endMembership(
      OrgId org, RoomId room, UserId actor, UserId user, LeaveReason reason) {
    return database.inOrg(
        org,
        tx -> {
          var locked = LockedRoom.lock(tx, org, room);
          var role = locked.role(user);
          if (!actor.equals(user)) {
            requireOutranks(locked.rank(actor), role);
          }
          if (reason == LeaveReason.BANNED) {
            ban(tx, org, room, user, locked.state());
            journal.reduced(tx, user);
          } else if (role.isEmpty()) {
            throw Refusal.notFound("no such member");
          } else {
            tx.update(
                "delete from parley.room_member where org_id = ? and room_id = ? and user_id = ?",
                org.value(),
                room.value(),
                user.value());
          }
          if (role.isEmpty()) {
            return Committed.NOTHING;
          }
          var now = clock.instant();
          locked.append(now, stamp -> new RoomEvent.MemberLeft(stamp, actor, user, reason));
          return new Committed(
              locked.close(), List.of(journal.left(tx, user, org, room, now, reason)));
        });
  }

  @Override
  public void unban(OrgId org, RoomId room, UserId actor, UserId user) {
    database.inOrg(
        org,
        tx -> {
          require(LockedRoom.lock(tx, org, room).rank(actor), Role.MODERATOR);
          return tx.update(
              """
              delete from parley.room_member
               where org_id = ? and room_id = ? and user_id = ? and banned
              """,
              org.value(),
              room.value(),
              user.value());
        });
  }

  @Override
  public Committed changeRole(OrgId org, RoomId room, UserId actor, UserId user, Role role) {
    return database.inOrg(
        org,
        tx -> {
          var locked = LockedRoom.lock(tx, org, room);
          var now = locked.role(user).orElseThrow(() -> Refusal.notFound("no such member"));
          requireOutranks(locked.rank(actor), Optional.of(now));
          requireOutranks(locked.rank(actor), Optional.of(role));
          if (now == role) {
            return Committed.NOTHING;
          }
          tx.update(
              """
              update parley.room_member set role = ?, changed = pg_current_xact_id()
               where org_id = ? and room_id = ? and user_id = ?
              """,
              role.wireName(),
              org.value(),
              room.value(),
              user.value());
          locked.append(
              clock.instant(),
              stamp -> new RoomEvent.MemberRoleChanged(stamp, actor, user, role.wireName()));
          return new Committed(locked.close(), List.of());
        });
  }

  @Override
  public Optional<ReadMark> markRead(OrgId org, RoomId room, UserId user, long messageId) {
    return database.inOrg(
        org,
        tx -> {
          var seq =
              tx.queryOne(
                  """
                  select seq from parley.room_event
                   where org_id = ? and room_id = ? and message_id = ?
                  """,
                  row -> row.number("seq"),
                  org.value(),
                  room.value(),
                  messageId);
          long readSeq = seq.orElseThrow(() -> Refusal.notFound("no such message"));
          int moved =
              tx.update(
                  """
                  update parley.room_member
                     set read_seq = ?, read_message_id = ?, changed = pg_current_xact_id()
                   where org_id = ? and room_id = ? and user_id = ? and not banned and read_seq < ?
                  """,
                  readSeq,
                  messageId,
                  org.value(),
                  room.value(),
                  user.value(),
                  readSeq);
          if (moved == 0) {
            return Optional.empty();
          }
          var event = journal.read(tx, user, org, room, clock.instant(), messageId, readSeq);
          return Optional.of(new ReadMark(readSeq, new Committed(List.of(), List.of(event))));
        });
  }

  @Override
  public void markDelivered(List<Delivery> deliveries) {
    deliveries.stream()
        .collect(Collectors.groupingBy(Delivery::org))
        .forEach(
            (org, some) ->
                database.inOrg(
                    org,
                    tx ->
                        tx.update(
                            """
                            update parley.room_member m set delivered_pos = d.pos
                              from unnest(?::uuid[], ?::text[], ?::bigint[]) as d(room_id, user_id, pos)
                              join parley.room r on r.org_id = ? and r.room_id = d.room_id
                             where m.org_id = ? and m.room_id = d.room_id and m.user_id = d.user_id
                               and m.delivered_pos < d.pos and d.pos <= r.last_pos
                            """,
                            some.stream().map(d -> d.room().value()).toArray(UUID[]::new),
                            some.stream().map(d -> d.user().value()).toArray(String[]::new),
                            some.stream().mapToLong(Delivery::pos).toArray(),
                            org.value(),
                            org.value())));
  }

  @Override
  public void createInvite(Invite invite) {
    database.inOrg(
        invite.org(),
        tx -> {
          var locked = LockedRoom.lock(tx, invite.org(), invite.room());
          require(locked.rank(invite.createdBy()), Role.MEMBER);
          return tx.update(
              """
              insert into parley.room_invite
                (org_id, room_id, code_hash, created_by, expires_at, uses_left)
              values (?, ?, ?, ?, ?, ?)
              """,
              invite.org().value(),
              invite.room().value(),
              invite.codeHash(),
              invite.createdBy().value(),
              invite.expiresAt(),
              invite.uses());
        });
  }

  @Override
  public Optional<Accepted> acceptInvite(OrgId org, String codeHash, UserId user, Instant now) {
    return database.inOrg(
        org,
        tx -> {
          var room =
              tx.queryOne(
                  """
                  update parley.room_invite set uses_left = uses_left - 1
                   where org_id = ? and code_hash = ? and uses_left > 0 and expires_at > ?
                  returning room_id
                  """,
                  row -> new RoomId(row.uuid("room_id")),
                  org.value(),
                  codeHash,
                  now);
          if (room.isEmpty()) {
            return Optional.empty();
          }
          var member = new NewMember(user, Role.MEMBER);
          return Optional.of(
              new Accepted(room.get(), addMember(tx, org, room.get(), user, member)));
        });
  }

  private Committed addMember(OrgTx tx, OrgId org, RoomId room, UserId actor, NewMember member) {
    var locked = LockedRoom.lock(tx, org, room);
    if (locked.role(member.user()).isPresent()) {
      return Committed.NOTHING;
    }
    locked.requireOfOrg(member.user());
    if (!actor.equals(member.user())) {
      require(locked.rank(actor), member.role().toGive());
    }
    requireSpace(tx, org, room, member.user());
    var joined = admit(tx, locked, org, room, actor, member, clock.instant());
    return new Committed(locked.close(), List.of(joined));
  }

  private UserEvent admit(
      OrgTx tx,
      LockedRoom locked,
      OrgId org,
      RoomId room,
      UserId actor,
      NewMember member,
      Instant now) {
    locked.append(
        now,
        stamp -> new RoomEvent.MemberJoined(stamp, actor, member.user(), member.role().wireName()));
    int rows =
        tx.update(
            """
            insert into parley.room_member
              (org_id, room_id, user_id, role, joined_pos, joined_at, read_seq)
            select ?, ?, ?, ?, ?, ?, ? on conflict do nothing
            """,
            org.value(),
            room.value(),
            member.user().value(),
            member.role().wireName(),
            locked.pos(),
            now,
            locked.state().seq());
    if (rows == 0) {
      throw Refusal.forbidden("the user is banned from the room");
    }
    return journal.joined(tx, member.user(), org, room, now, locked.pos());
  }

  private static void requireSpace(OrgTx tx, OrgId org, RoomId room, UserId user) {
    var full =
        tx.queryOne(
            """
            select (select count(*) from parley.room_member where org_id = ? and room_id = ?) >= ?
                or (select count(*) from parley.room_member where org_id = ? and user_id = ?) >= ? as is_full
            """,
            row -> row.flag("is_full"),
            org.value(),
            room.value(),
            Limits.ROOM_MEMBERS,
            org.value(),
            user.value(),
            Limits.ROOMS_PER_USER);
    if (full.orElse(false)) {
      throw new RefusedException(
          new Refusal.Quota("the room is full, or the user is in too many rooms"));
    }
  }

  /// Owners may everything; others must be moderators above the role in question.
  private static void requireOutranks(Optional<Role> actor, Optional<Role> role) {
    boolean owner = actor.equals(Optional.of(Role.OWNER));
    boolean moderator = actor.isPresent() && actor.get().atLeast(Role.MODERATOR);
    boolean above = role.isEmpty() || (moderator && actor.get().outranks(role.get()));
    if (!owner && !(moderator && above)) {
      throw Refusal.forbidden("your role does not outrank the member's");
    }
  }

  private static void require(Optional<Role> actor, Role needed) {
    if (actor.isEmpty() || !actor.get().atLeast(needed)) {
      throw Refusal.forbidden("this needs the role " + needed.wireName() + " in the room");
    }
  }

  private void ban(OrgTx tx, OrgId org, RoomId room, UserId user, LockedRoom.State state) {
    tx.update(
        """
        insert into parley.room_member
          (org_id, room_id, user_id, role, banned, joined_pos, joined_at)
        values (?, ?, ?, 'guest', true, ?, ?)
        on conflict (org_id, room_id, user_id) do update set banned = true, role = 'guest'
        """,
        org.value(),
        room.value(),
        user.value(),
        state.pos(),
        clock.instant());
  }

  private static int insert(OrgTx tx, Room room) {
    return tx.update(
        """
        insert into parley.room
          (org_id, room_id, kind, alias, name, topic, epoch, last_at, created_by, created_at)
        values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict (org_id, alias) do nothing
        """,
        room.org().value(),
        room.id().value(),
        room.kind().wireName(),
        room.alias(),
        room.name(),
        room.topic(),
        room.head().epoch(),
        room.createdAt(),
        room.createdBy().value(),
        room.createdAt());
  }

  private static Optional<Room> find(OrgTx tx, OrgId org, RoomId room) {
    return tx.queryOne(
        "select " + COLUMNS + " from parley.room r where r.org_id = ? and r.room_id = ?",
        PostgresRoomStore::room,
        org.value(),
        room.value());
  }

  private static Optional<Room> findAlias(OrgTx tx, OrgId org, String alias) {
    return tx.queryOne(
        "select " + COLUMNS + " from parley.room r where r.org_id = ? and r.alias = ?",
        PostgresRoomStore::room,
        org.value(),
        alias);
  }

  private static Room room(Row row) throws SQLException {
    return new Room(
        new OrgId(row.uuid("org_id")),
        new RoomId(row.uuid("room_id")),
        RoomKind.ofWireName(row.text("kind")),
        row.optionalText("alias"),
        row.text("name"),
        row.text("topic"),
        row.flag("archived"),
        new UserId(row.text("created_by")),
        row.instant("created_at"),
        new RoomLog.Head(row.text("epoch"), row.number("last_pos"), row.number("last_seq")));
  }

  private static RoomStanding standing(Row row) throws SQLException {
    return new RoomStanding(
        new OrgId(row.uuid("org_id")),
        RoomKind.ofWireName(row.text("kind")),
        Optional.of(Role.ofWireName(row.text("member_role"))),
        false,
        Role.ofWireName(row.text("org_role")));
  }

  private static Member member(Row row) throws SQLException {
    return new Member(
        new UserId(row.text("user_id")),
        Role.ofWireName(row.text("role")),
        row.number("joined_pos"),
        row.instant("joined_at"),
        row.number("read_seq"),
        row.number("delivered_pos"));
  }
}
