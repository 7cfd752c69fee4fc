package dev.parley.server.adapter.postgres;

import dev.parley.server.base.Limits;
import dev.parley.server.base.UserId;
import dev.parley.server.domain.notify.Notification;
import dev.parley.server.domain.notify.NotificationStore;
import java.util.List;
import java.util.OptionalLong;

/// Reads notifications out of users' own logs in PostgreSQL.
public final class PostgresNotificationStore implements NotificationStore {
  private final Database database;

  public PostgresNotificationStore(Database database) {
    this.database = database;
  }

  @Override
  public List<Notification> page(UserId user, OptionalLong before, int limit) {
    return database.inUser(
        user,
        tx ->
            tx.query(
                """
                select user_id, pos, org_id, room_id, kind, message_id, seq, reason, task_id, title,
                       due_at, at
                  from parley.user_event
                 where user_id = ? and pos < ? and kind in ('task_due') order by pos desc limit ?
                """,
                row -> new Notification(PostgresUserLog.event(row), row.instant("at")),
                user.value(),
                before.orElse(Long.MAX_VALUE),
                limit));
  }

  @Override
  public Seen seen(UserId user) {
    return database.inUser(
        user,
        tx -> {
          long pos =
              tx.queryOne(
                      "select seen_pos from parley.user_head where user_id = ?",
                      row -> row.number("seen_pos"),
                      user.value())
                  .orElse(0L);
          int unread =
              tx.queryOne(
                      """
                      select count(*) as unread from (
                        select 1 from parley.user_event
                         where user_id = ? and pos > ? and kind in ('task_due') limit ?) n
                      """,
                      row -> row.integer("unread"),
                      user.value(),
                      pos,
                      Limits.PAGE)
                  .orElse(0);
          return new Seen(pos, unread);
        });
  }

  @Override
  public void see(UserId user, long pos) {
    database.inUser(
        user,
        tx ->
            tx.update(
                """
                update parley.user_head set seen_pos = least(?, last_pos)
                 where user_id = ? and seen_pos < least(?, last_pos)
                """,
                pos,
                user.value(),
                pos));
  }
}
