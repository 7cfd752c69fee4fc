package dev.parley.server.adapter.postgres;

import dev.parley.server.base.OrgId;
import dev.parley.server.base.Refusal;
import dev.parley.server.base.RoomId;
import dev.parley.server.base.UserId;
import dev.parley.server.domain.access.Role;
import dev.parley.server.domain.event.RoomEvent;
import dev.parley.server.domain.event.RoomEvent.Stamp;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// A room whose row is locked until the transaction ends: whatever is added to its log now gets the
/// next position, and no writer lane and no other node comes in between.
final class LockedRoom {
  private static final String LOCK =
      """
      select last_pos, last_seq, last_at, name, topic, archived_at is not null as archived
        from parley.room where org_id = ? and room_id = ? for no key update
      """;

  private final OrgTx tx;
  private final OrgId org;
  private final RoomId room;
  private final State state;
  private final List<RoomEvent> events = new ArrayList<>();
  private long pos;

  private LockedRoom(OrgTx tx, OrgId org, RoomId room, State state) {
    this.tx = tx;
    this.org = org;
    this.room = room;
    this.state = state;
    this.pos = state.pos();
  }

  /// What the row said when it was locked.
  record State(long pos, long seq, Instant at, String name, String topic, boolean archived) {}

  /// Locks the room's row; refuses with not_found if there is none in this organization.
  static LockedRoom lock(OrgTx tx, OrgId org, RoomId room) {
    var state =
        tx.queryOne(LOCK, LockedRoom::state, org.value(), room.value())
            .orElseThrow(() -> Refusal.notFound("no such room"));
    return new LockedRoom(tx, org, room, state);
  }

  State state() {
    return state;
  }

  /// The role of a member; empty for everybody else.
  Optional<Role> role(UserId user) {
    return tx.queryOne(
            """
            select role from parley.room_member
             where org_id = ? and room_id = ? and user_id = ? and not banned
            """,
            row -> row.text("role"),
            org.value(),
            room.value(),
            user.value())
        .map(Role::ofWireName);
  }

  /// What somebody may do here, read under the lock: a member's role, and that of an owner for a
  /// member who is an admin of the organization; empty for everybody else. As
  /// [dev.parley.server.domain.access.RoomAccess#has] has it.
  Optional<Role> rank(UserId user) {
    return role(user).map(role -> isOrgAdmin(user) ? Role.OWNER : role);
  }

  private boolean isOrgAdmin(UserId user) {
    return tx.queryOne(
            "select role from parley.org_member where org_id = ? and user_id = ?",
            row -> Role.ofWireName(row.text("role")).atLeast(Role.ADMIN),
            org.value(),
            user.value())
        .orElse(false);
  }

  /// Goes on only if the user belongs to the organization, and holds that until the transaction
  /// ends. Everybody of the open realm belongs to an open one.
  void requireOfOrg(UserId user) {
    var found =
        user.isOpen()
            ? tx.queryOne(
                "select true as yes from parley.org where org_id = ? and open and ? is not null",
                row -> row.flag("yes"),
                org.value(),
                user.value())
            : tx.queryOne(
                """
                select true as yes from parley.org_member where org_id = ? and user_id = ?
                   for key share
                """,
                row -> row.flag("yes"),
                org.value(),
                user.value());
    if (found.isEmpty()) {
      throw Refusal.notFound("no such user");
    }
  }

  /// The role of the actor, read under the lock; refuses those who are no members any more.
  Role requireMember(UserId actor) {
    return role(actor).orElseThrow(() -> Refusal.forbidden("you are no member of the room"));
  }

  /// Adds an event at the next position.
  void append(Instant now, Function<Stamp, RoomEvent> event) {
    pos++;
    var at = now.isAfter(state.at()) ? now : state.at();
    var placed = event.apply(new Stamp(org, room, pos, at.truncatedTo(ChronoUnit.MICROS)));
    EventRows.insert(tx, placed);
    events.add(placed);
  }

  /// The position of the last event.
  long pos() {
    return pos;
  }

  /// Writes the new head down and tells what was added.
  List<RoomEvent> close() {
    if (!events.isEmpty()) {
      tx.update(
          """
          update parley.room set last_pos = ?, last_at = ?, changed = pg_current_xact_id()
           where org_id = ? and room_id = ?
          """,
          pos,
          events.getLast().stamp().at(),
          org.value(),
          room.value());
    }
    return events;
  }

  private static State state(Row row) throws SQLException {
    return new State(
        row.number("last_pos"),
        row.number("last_seq"),
        row.instant("last_at"),
        row.text("name"),
        row.text("topic"),
        row.flag("archived"));
  }
}
