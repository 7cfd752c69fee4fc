package dev.parley.server.adapter.postgres;

import dev.parley.server.base.Ids;
import dev.parley.server.base.OrgId;
import dev.parley.server.base.RoomId;
import dev.parley.server.base.TaskId;
import dev.parley.server.base.UserId;
import dev.parley.server.domain.event.RoomEvent.LeaveReason;
import dev.parley.server.domain.event.UserEvent;
import java.time.Instant;
import java.util.Optional;

/// Writes into users' own logs, inside the transaction of the change that concerns them. The row of
/// `user_head` is the lock that orders such a log; it is taken after the rooms, ascending by user.
final class UserJournal {
  private static final String NEXT =
      """
      insert into parley.user_head as h (user_id, epoch, last_pos) values (?, ?, 1)
      on conflict (user_id) do update set last_pos = h.last_pos + 1
      returning last_pos
      """;
  private static final String INSERT =
      """
      insert into parley.user_event (user_id, pos, org_id, room_id, kind, at, message_id, seq, reason)
      values (?, ?, ?, ?, ?, ?, ?, ?, ?)
      """;

  private static final String REDUCED =
      """
      insert into parley.user_head as h (user_id, epoch, access_reduced) values (?, ?, 1)
      on conflict (user_id) do update set access_reduced = h.access_reduced + 1
      """;

  private static final Optional<Object> NONE = Optional.empty();

  private final Ids ids;

  UserJournal(Ids ids) {
    this.ids = ids;
  }

  UserEvent joined(OrgTx tx, UserId user, OrgId org, RoomId room, Instant at, long roomPos) {
    long pos = next(tx, user);
    tx.update(
        INSERT, user.value(), pos, org.value(), room.value(), "joined", at, NONE, roomPos, NONE);
    return new UserEvent.RoomJoined(user, pos, org, room, roomPos);
  }

  UserEvent left(OrgTx tx, UserId user, OrgId org, RoomId room, Instant at, LeaveReason reason) {
    long pos = next(tx, user);
    tx.update(
        INSERT,
        user.value(),
        pos,
        org.value(),
        room.value(),
        "left",
        at,
        NONE,
        NONE,
        reason.name());
    return new UserEvent.RoomLeft(user, pos, org, room, reason);
  }

  UserEvent read(
      OrgTx tx, UserId user, OrgId org, RoomId room, Instant at, long messageId, long seq) {
    long pos = next(tx, user);
    tx.update(
        INSERT, user.value(), pos, org.value(), room.value(), "read", at, messageId, seq, NONE);
    return new UserEvent.ReadMoved(user, pos, org, room, messageId, seq);
  }

  UserEvent.TaskDue taskDue(OrgTx tx, UserId user, OrgId org, Due due, Instant at) {
    long pos = next(tx, user);
    tx.update(
        """
        insert into parley.user_event (user_id, pos, org_id, kind, at, task_id, title, due_at)
        values (?, ?, ?, 'task_due', ?, ?, ?, ?)
        """,
        user.value(),
        pos,
        org.value(),
        at,
        due.task().value(),
        due.title(),
        due.at());
    return new UserEvent.TaskDue(user, pos, org, due.task(), due.title(), due.at());
  }

  /// Counts that a user may see less of an organization from now on. No entry of the log, for the
  /// log tells of rooms; but the count is compared as often.
  void reduced(OrgTx tx, UserId user) {
    tx.update(REDUCED, user.value(), ids.epoch());
  }

  /// What a due task leaves in its user's log.
  record Due(TaskId task, String title, Instant at) {}

  private long next(OrgTx tx, UserId user) {
    return tx.queryOne(NEXT, row -> row.number("last_pos"), user.value(), ids.epoch())
        .orElseThrow(() -> new IllegalStateException("an upsert returns its row"));
  }
}
