package dev.parley.server.adapter.postgres;

import dev.parley.server.base.OrgId;
import dev.parley.server.base.RoomId;
import dev.parley.server.base.UserId;
import dev.parley.server.domain.room.ReceiptStore;
import java.sql.SQLException;
import java.util.List;

/// Keeps receipts in PostgreSQL, as one multirange of positions per member.
public final class PostgresReceiptStore implements ReceiptStore {
  private final Database database;

  public PostgresReceiptStore(Database database) {
    this.database = database;
  }

  @Override
  public void expect(OrgId org, RoomId room, UserId user) {
    database.inOrg(
        org,
        tx ->
            tx.update(
                """
                insert into parley.receipt (org_id, room_id, user_id) values (?, ?, ?)
                on conflict do nothing
                """,
                org,
                room,
                user));
  }

  @Override
  public List<Stretch> receive(OrgId org, RoomId room, UserId user, Stretch stretch) {
    return database.inOrg(
        org,
        tx -> {
          // One after the other, so that what is new is new to one caller only.
          var fresh =
              tx.query(
                  """
                  with known as materialized (
                    select received from parley.receipt
                     where org_id = ? and room_id = ? and user_id = ? for no key update)
                  select lower(s) as first, upper(s) - 1 as last
                    from known, unnest(int8multirange(int8range(?, ?, '[]')) - known.received) s
                  """,
                  PostgresReceiptStore::stretch,
                  org,
                  room,
                  user,
                  stretch.first(),
                  stretch.last());
          if (!fresh.isEmpty()) {
            tx.update(
                """
                update parley.receipt
                   set received = received + int8multirange(int8range(?, ?, '[]'))
                 where org_id = ? and room_id = ? and user_id = ?
                """,
                stretch.first(),
                stretch.last(),
                org,
                room,
                user);
          }
          return fresh;
        });
  }

  @Override
  public List<Stretch> received(OrgId org, RoomId room, UserId user) {
    return database.inOrg(
        org,
        tx ->
            tx.query(
                """
                select lower(s) as first, upper(s) - 1 as last
                  from parley.receipt r, unnest(r.received) s
                 where r.org_id = ? and r.room_id = ? and r.user_id = ? order by 1
                """,
                PostgresReceiptStore::stretch,
                org,
                room,
                user));
  }

  @Override
  public List<Receipt> untold(OrgId org, UserId user, int limit) {
    return database.inOrg(
        org,
        tx ->
            tx.query(
                """
                select other.room_id, other.user_id, lower(s) as first, upper(s) - 1 as last
                  from parley.room_member m
                  join parley.receipt other
                    on other.org_id = m.org_id and other.room_id = m.room_id and other.user_id <> m.user_id
                  left join parley.receipt mine
                    on mine.org_id = m.org_id and mine.room_id = m.room_id and mine.user_id = m.user_id
                  cross join lateral unnest(other.received - coalesce(mine.told, '{}'::int8multirange)) s
                 where m.user_id = ? and m.org_id = ?
                 order by other.room_id, 3 limit ?
                """,
                row ->
                    new Receipt(
                        new RoomId(row.uuid("room_id")),
                        new UserId(row.text("user_id")),
                        stretch(row)),
                user,
                org,
                limit));
  }

  @Override
  public void tell(OrgId org, RoomId room, UserId user, Stretch stretch) {
    database.inOrg(
        org,
        tx ->
            tx.update(
                """
                insert into parley.receipt (org_id, room_id, user_id, told)
                values (?, ?, ?, int8multirange(int8range(?, ?, '[]')))
                on conflict (org_id, room_id, user_id) do update set told = receipt.told + excluded.told
                """,
                org,
                room,
                user,
                stretch.first(),
                stretch.last()));
  }

  private static Stretch stretch(Row row) throws SQLException {
    return new Stretch(row.number("first"), row.number("last"));
  }
}
