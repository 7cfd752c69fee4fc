package dev.parley.server.adapter.postgres;

import dev.parley.server.base.OrgId;
import dev.parley.server.base.RoomId;
import dev.parley.server.base.TaskId;
import dev.parley.server.base.UserId;
import dev.parley.server.domain.event.RoomEvent.LeaveReason;
import dev.parley.server.domain.event.UserEvent;
import dev.parley.server.domain.room.UserLog;
import java.sql.SQLException;
import java.util.List;

/// Reads users' own logs; [UserJournal] writes them.
public final class PostgresUserLog implements UserLog {
  private final Database database;

  public PostgresUserLog(Database database) {
    this.database = database;
  }

  @Override
  public Head head(UserId user) {
    return database
        .inUser(
            user,
            tx ->
                tx.queryOne(
                    "select epoch, last_pos from parley.user_head where user_id = ?",
                    row -> new Head(row.text("epoch"), row.number("last_pos")),
                    user.value()))
        .orElse(new Head("", 0));
  }

  @Override
  public List<UserEvent> read(UserId user, long after, int limit) {
    return database.inUser(
        user,
        tx ->
            tx.query(
                """
                select user_id, pos, org_id, room_id, kind, message_id, seq, reason, task_id, title, due_at
                  from parley.user_event where user_id = ? and pos > ? order by pos limit ?
                """,
                PostgresUserLog::event,
                user.value(),
                after,
                limit));
  }

  static UserEvent event(Row row) throws SQLException {
    var user = new UserId(row.text("user_id"));
    long pos = row.number("pos");
    var org = new OrgId(row.uuid("org_id"));
    return switch (row.text("kind")) {
      case "joined" -> new UserEvent.RoomJoined(user, pos, org, room(row), row.number("seq"));
      case "left" ->
          new UserEvent.RoomLeft(
              user, pos, org, room(row), LeaveReason.valueOf(row.text("reason")));
      case "read" ->
          new UserEvent.ReadMoved(
              user, pos, org, room(row), row.number("message_id"), row.number("seq"));
      case "task_due" ->
          new UserEvent.TaskDue(
              user,
              pos,
              org,
              new TaskId(row.uuid("task_id")),
              row.text("title"),
              row.instant("due_at"));
      default -> throw new IllegalStateException("unknown kind of event in a user's log");
    };
  }

  private static RoomId room(Row row) throws SQLException {
    return new RoomId(row.uuid("room_id"));
  }
}
