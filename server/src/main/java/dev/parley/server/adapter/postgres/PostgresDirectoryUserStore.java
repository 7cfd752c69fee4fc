package dev.parley.server.adapter.postgres;

import dev.parley.server.base.Limits;
import dev.parley.server.base.OrgId;
import dev.parley.server.base.Refusal;
import dev.parley.server.base.RefusedException;
import dev.parley.server.domain.directory.DirectoryUser;
import dev.parley.server.domain.directory.DirectoryUserId;
import dev.parley.server.domain.directory.DirectoryUserStore;
import dev.parley.server.domain.directory.DirectoryUsers;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// Keeps the directory of the open realm in PostgreSQL.
public final class PostgresDirectoryUserStore implements DirectoryUserStore {
  private static final String COLUMNS =
      "user_id, username, email, full_name, org, created_at, updated_at";
  private static final String SELECT =
      "select " + COLUMNS + " from parley.directory_user where org_id = ?";

  private final Database database;

  public PostgresDirectoryUserStore(Database database) {
    this.database = database;
  }

  @Override
  public void create(OrgId openOrg, DirectoryUser user) {
    unique(
        () ->
            database.inOrg(
                openOrg,
                tx -> {
                  requireRoom(tx, openOrg);
                  return tx.update(
                      """
                      insert into parley.directory_user
                        (org_id, user_id, username, email, full_name, org, created_at, updated_at)
                      values (?, ?, ?, ?, ?, ?, ?, ?)
                      """,
                      openOrg.value(),
                      user.id().value(),
                      user.username(),
                      user.email(),
                      user.fullName(),
                      user.org(),
                      user.createdAt(),
                      user.updatedAt());
                }));
  }

  @Override
  public Optional<DirectoryUser> find(OrgId openOrg, DirectoryUserId user) {
    return database.inOrg(
        openOrg,
        tx ->
            tx.queryOne(
                SELECT + " and user_id = ?",
                PostgresDirectoryUserStore::user,
                openOrg.value(),
                user.value()));
  }

  @Override
  public Optional<DirectoryUser> named(OrgId openOrg, String username) {
    return database.inOrg(
        openOrg,
        tx ->
            tx.queryOne(
                SELECT + " and username = ?",
                PostgresDirectoryUserStore::user,
                openOrg.value(),
                username));
  }

  @Override
  public List<DirectoryUser> list(OrgId openOrg, String org, int limit) {
    return database.inOrg(
        openOrg,
        tx ->
            tx.query(
                SELECT + " and org = ? order by created_at desc, user_id desc limit ?",
                PostgresDirectoryUserStore::user,
                openOrg.value(),
                org,
                limit));
  }

  @Override
  public Optional<DirectoryUser> change(
      OrgId openOrg, DirectoryUserId user, DirectoryUsers.Change change, Instant now) {
    return unique(
        () ->
            database.inOrg(
                openOrg,
                tx ->
                    tx.queryOne(
                        """
                        update parley.directory_user
                           set username = coalesce(?, username), email = coalesce(?, email),
                               full_name = coalesce(?, full_name),
                               updated_at = greatest(?, updated_at)
                         where org_id = ? and user_id = ? returning
                        """
                            + COLUMNS,
                        PostgresDirectoryUserStore::user,
                        change.username(),
                        change.email(),
                        change.fullName(),
                        now,
                        openOrg.value(),
                        user.value())));
  }

  @Override
  public boolean delete(OrgId openOrg, DirectoryUserId user) {
    return database.inOrg(
        openOrg,
        tx -> {
          // First the user: nobody can give them another task now.
          int deleted =
              tx.update(
                  "delete from parley.directory_user where org_id = ? and user_id = ?",
                  openOrg.value(),
                  user.value());
          PostgresTaskStore.deleteOf(tx, openOrg, user.asUser());
          return deleted > 0;
        });
  }

  private static void requireRoom(OrgTx tx, OrgId openOrg) {
    var users =
        tx.queryOne(
            "select count(*) as users from parley.directory_user where org_id = ?",
            row -> row.number("users"),
            openOrg.value());
    if (users.orElse(0L) >= Limits.DIRECTORY) {
      throw new RefusedException(new Refusal.Quota("there are too many users"));
    }
  }

  private static <T> T unique(Supplier<T> work) {
    try {
      return work.get();
    } catch (DatabaseException e) {
      throw switch (e.constraint()) {
        case "directory_user_username" -> Refusal.conflict("username already exists");
        case "directory_user_email" -> Refusal.conflict("email already exists");
        default -> e;
      };
    }
  }

  private static DirectoryUser user(Row row) throws SQLException {
    return new DirectoryUser(
        new DirectoryUserId(row.uuid("user_id")),
        row.text("username"),
        row.text("email"),
        row.text("full_name"),
        row.text("org"),
        row.instant("created_at"),
        row.instant("updated_at"));
  }
}
