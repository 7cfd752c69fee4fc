package dev.parley.server.adapter.postgres;

import dev.parley.server.base.DeviceId;
import dev.parley.server.base.UserId;
import dev.parley.server.domain.access.Principal;
import dev.parley.server.domain.identity.Issuer;
import dev.parley.server.domain.identity.TicketStore;
import java.time.Instant;
import java.util.Optional;

/// Keeps tickets in PostgreSQL.
public final class PostgresTicketStore implements TicketStore {
  private final Database database;

  public PostgresTicketStore(Database database) {
    this.database = database;
  }

  @Override
  public void keep(byte[] hash, Principal.Account holder, Instant expiresAt, Instant now) {
    database.global(
        tx -> {
          tx.update("delete from parley.ticket where expires_at < ?", now);
          return tx.update(
              """
              insert into parley.ticket
                     (hash, device_id, user_id, username, token_expires_at, expires_at)
              values (?, ?, ?, ?, ?, ?)
              """,
              hash,
              holder.deviceId(),
              holder.userId(),
              holder.username(),
              holder.expiresAt(),
              expiresAt);
        });
  }

  @Override
  public Optional<Principal.Account> take(byte[] hash, Instant now) {
    return database.global(
        tx ->
            tx.queryOne(
                """
                delete from parley.ticket t
                 using parley.device d
                 where t.hash = ? and t.expires_at >= ?
                   and d.device_id = t.device_id and d.revoked_at is null
                returning t.user_id, t.device_id, t.username, t.token_expires_at
                """,
                row ->
                    new Principal.Account(
                        new UserId(row.text("user_id")),
                        new DeviceId(row.uuid("device_id")),
                        row.text("username"),
                        Issuer.PARLEY.wireName(),
                        row.instant("token_expires_at")),
                hash,
                now));
  }
}
