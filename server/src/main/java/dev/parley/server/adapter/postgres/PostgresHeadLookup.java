package dev.parley.server.adapter.postgres;

import dev.parley.server.base.DeviceId;
import dev.parley.server.base.RoomId;
import dev.parley.server.base.UserId;
import dev.parley.server.domain.room.HeadLookup;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.UUID;

/// Asks PostgreSQL where logs stand.
public final class PostgresHeadLookup implements HeadLookup {
  private final Database database;

  public PostgresHeadLookup(Database database) {
    this.database = database;
  }

  @Override
  public Heads heads(
      Collection<RoomId> rooms, Collection<UserId> users, Collection<DeviceId> devices) {
    var heads = new Heads(new HashMap<>(), new HashMap<>(), new HashMap<>(), new HashMap<>());
    database.global(
        tx ->
            tx.query(
                "select kind, id, pos, owner from parley.heads(?, ?, ?)",
                row -> take(row, heads),
                rooms.stream().map(RoomId::value).toArray(UUID[]::new),
                users.stream().map(UserId::value).toArray(String[]::new),
                devices.stream().map(DeviceId::value).toArray(UUID[]::new)));
    return heads;
  }

  private static boolean take(Row row, Heads heads) throws SQLException {
    var id = row.text("id");
    switch (row.text("kind")) {
      case "room" -> heads.rooms().put(RoomId.of(id), row.number("pos"));
      case "user" -> {
        var user = new UserId(id);
        heads.users().put(user, row.number("pos"));
        row.optionalText("owner").ifPresent(n -> heads.reduced().put(user, Long.valueOf(n)));
      }
      case "device" -> heads.signedOut().put(DeviceId.of(id), new UserId(row.text("owner")));
      default -> {
        // A node of a later version has brought it, and whoever asks there knows what to do.
      }
    }
    return true;
  }
}
