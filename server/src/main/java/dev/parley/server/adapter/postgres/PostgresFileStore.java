package dev.parley.server.adapter.postgres;

import dev.parley.server.base.FileId;
import dev.parley.server.base.OrgId;
import dev.parley.server.base.Refusal;
import dev.parley.server.base.RefusedException;
import dev.parley.server.base.UserId;
import dev.parley.server.domain.file.File;
import dev.parley.server.domain.file.FileStore;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;

/// Keeps in PostgreSQL what is known of files.
public final class PostgresFileStore implements FileStore {
  /// Whether a user may see the file `f`: two arguments, both the user.
  private static final String SEEN =
      """
       ((f.uploader = ? and not f.released and exists (
           select 1 from parley.org_member om where om.org_id = f.org_id and om.user_id = f.uploader)
         and not exists (
           select 1 from parley.file_use u where u.org_id = f.org_id and u.file_id = f.file_id))
        or exists (
          select 1 from parley.file_use u
           where u.org_id = f.org_id and u.file_id = f.file_id
             and u.room_id in (select s.room_id from parley.rooms_seen(?) s)))
      """;

  private final Database database;

  public PostgresFileStore(Database database) {
    this.database = database;
  }

  @Override
  public void add(File file, long quota) {
    database.inOrg(
        file.org(),
        tx -> {
          count(tx, file, quota);
          return tx.update(
              """
              insert into parley.file
                (org_id, file_id, uploader, name, type, size, sha256, created_at, wanted_at)
              values (?, ?, ?, ?, ?, ?, ?, ?, ?)
              """,
              file.org().value(),
              file.id().value(),
              file.uploader().value(),
              file.name(),
              file.type(),
              file.size(),
              file.sha256(),
              file.createdAt(),
              file.createdAt());
        });
  }

  /// The row of the organization is locked by it, so that uploads at once cannot both take the last
  /// of the space.
  private static void count(OrgTx tx, File file, long quota) {
    int counted =
        tx.update(
            """
            insert into parley.file_space as s (org_id, bytes) select ?, ? where ? <= ?
            on conflict (org_id) do update set bytes = s.bytes + excluded.bytes
             where s.bytes + excluded.bytes <= ?
            """,
            file.org().value(),
            file.size(),
            file.size(),
            quota,
            quota);
    if (counted == 0) {
      throw new RefusedException(
          new Refusal.Quota("the files of the organization have no more space"));
    }
  }

  @Override
  public Optional<File> find(FileId id, UserId user) {
    return orgOf(id)
        .flatMap(
            org ->
                database.inOrg(
                    org,
                    tx ->
                        tx.queryOne(
                            """
                            select f.org_id, f.file_id, f.uploader, f.name, f.type, f.size, f.sha256,
                                   f.created_at
                              from parley.file f where f.org_id = ? and f.file_id = ? and
                            """
                                + SEEN,
                            PostgresFileStore::file,
                            org.value(),
                            id.value(),
                            user.value(),
                            user.value())));
  }

  private Optional<OrgId> orgOf(FileId id) {
    return database
        .global(
            tx ->
                tx.queryOne(
                    "select parley.org_of_file(?) as org_id",
                    row -> row.optionalUuid("org_id").map(OrgId::new),
                    id.value()))
        .flatMap(org -> org);
  }

  @Override
  public long used(OrgId org) {
    return database
        .inOrg(
            org,
            tx ->
                tx.queryOne(
                    "select bytes from parley.file_space where org_id = ?",
                    row -> row.number("bytes"),
                    org.value()))
        .orElse(0L);
  }

  @Override
  public List<FileId> claim(OrgId org, UserId user, List<FileId> ids, Instant now) {
    return database.inOrg(
        org,
        tx ->
            tx.query(
                """
                update parley.file f set wanted_at = ?, loose = true
                 where f.org_id = ? and f.file_id = any(?) and
                """
                    + SEEN
                    + " returning f.file_id",
                row -> new FileId(row.uuid("file_id")),
                now,
                org.value(),
                uuids(ids),
                user.value(),
                user.value()));
  }

  @Override
  public boolean delete(OrgId org, FileId id) {
    return database.inOrg(
        org,
        tx -> {
          tx.update(
              "delete from parley.file_use where org_id = ? and file_id = ?",
              org.value(),
              id.value());
          var sizes =
              tx.query(
                  "delete from parley.file where org_id = ? and file_id = ? returning size",
                  row -> row.number("size"),
                  org.value(),
                  id.value());
          giveBack(tx, org, sizes);
          return !sizes.isEmpty();
        });
  }

  @Override
  public List<FileId> sweep(Instant before, int limit) {
    var loose =
        database.global(
            tx ->
                tx.query(
                    "select org_id, file_id from parley.loose_files(?, ?)",
                    row -> new Loose(new OrgId(row.uuid("org_id")), row.uuid("file_id")),
                    before,
                    limit));
    var gone = new ArrayList<FileId>();
    loose.stream()
        .collect(Collectors.groupingBy(Loose::org))
        .forEach((org, files) -> gone.addAll(sweep(org, files, before)));
    return gone;
  }

  private record Loose(OrgId org, UUID file) {}

  /// What hangs on a message is no longer looked at; whoever wants a file meanwhile makes the row
  /// younger, which the statement sees.
  private List<FileId> sweep(OrgId org, List<Loose> files, Instant before) {
    var ids = files.stream().map(Loose::file).toArray(UUID[]::new);
    return database.inOrg(
        org,
        tx -> {
          tx.update(
              """
              update parley.file f set loose = false
               where f.org_id = ? and f.file_id = any(?) and f.wanted_at < ? and exists (
                 select 1 from parley.file_use u where u.org_id = f.org_id and u.file_id = f.file_id)
              """,
              org.value(),
              ids,
              before);
          var sizes = new ArrayList<Long>();
          var gone =
              tx.query(
                  """
                  delete from parley.file f
                   where f.org_id = ? and f.file_id = any(?) and f.loose and f.wanted_at < ?
                     and not exists (
                       select 1 from parley.file_use u where u.org_id = f.org_id and u.file_id = f.file_id)
                  returning file_id, size
                  """,
                  row -> {
                    sizes.add(row.number("size"));
                    return new FileId(row.uuid("file_id"));
                  },
                  org.value(),
                  ids,
                  before);
          giveBack(tx, org, sizes);
          return gone;
        });
  }

  @Override
  public List<FileId> unknown(List<FileId> ids) {
    return database.global(
        tx ->
            tx.query(
                "select id from unnest(?::uuid[]) as id where parley.org_of_file(id) is null",
                row -> new FileId(row.uuid("id")),
                (Object) uuids(ids)));
  }

  private static void giveBack(OrgTx tx, OrgId org, List<Long> sizes) {
    if (!sizes.isEmpty()) {
      tx.update(
          "update parley.file_space set bytes = bytes - ? where org_id = ?",
          sizes.stream().mapToLong(Long::longValue).sum(),
          org.value());
    }
  }

  private static UUID[] uuids(List<FileId> ids) {
    return ids.stream().map(FileId::value).toArray(UUID[]::new);
  }

  private static File file(Row row) throws SQLException {
    return new File(
        new FileId(row.uuid("file_id")),
        new OrgId(row.uuid("org_id")),
        new UserId(row.text("uploader")),
        row.text("name"),
        row.text("type"),
        row.number("size"),
        row.text("sha256"),
        row.instant("created_at"));
  }
}
