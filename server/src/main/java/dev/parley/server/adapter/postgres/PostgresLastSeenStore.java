package dev.parley.server.adapter.postgres;

import dev.parley.server.base.UserId;
import dev.parley.server.domain.presence.LastSeenStore;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/// Keeps last seen in PostgreSQL, apart from the accounts, whose rows it would otherwise rewrite
/// every minute.
public final class PostgresLastSeenStore implements LastSeenStore {
  private final Database database;

  public PostgresLastSeenStore(Database database) {
    this.database = database;
  }

  @Override
  public void note(Collection<UserId> users, Instant at) {
    database.global(
        tx ->
            tx.update(
                """
                insert into parley.last_seen (user_id, at)
                select u, ? from unnest(?) u order by u
                on conflict (user_id) do update set at = excluded.at
                 where last_seen.at < excluded.at
                """,
                at,
                texts(users)));
  }

  @Override
  public Map<UserId, Instant> of(Collection<UserId> users) {
    var seen = new HashMap<UserId, Instant>();
    database
        .global(
            tx ->
                tx.query(
                    "select user_id, at from parley.last_seen where user_id = any(?)",
                    row -> Map.entry(new UserId(row.text("user_id")), row.instant("at")),
                    (Object) texts(users)))
        .forEach(entry -> seen.put(entry.getKey(), entry.getValue()));
    return seen;
  }

  private static String[] texts(Collection<UserId> users) {
    return users.stream().distinct().map(UserId::value).toArray(String[]::new);
  }
}
