package dev.parley.server.adapter.postgres;

import com.google.errorprone.annotations.CompileTimeConstant;
import dev.parley.server.base.OrgId;
import dev.parley.server.base.RoomId;
import dev.parley.server.base.UserId;
import dev.parley.server.domain.intake.HistoryStore;
import dev.parley.server.domain.intake.OldMessage;
import dev.parley.server.domain.room.RoomLog.Draft;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.IntFunction;

/// Posts imported messages by the function `parley.append_imported`, as the log's role.
public final class PostgresHistoryStore implements HistoryStore {
  private static final String APPEND =
      """
      select ord, fresh, pos, seq, message_id, at, body_hash
        from parley.append_imported(?, ?, ?, ?, ?, ?, ?, ?, ?) order by ord
      """;
  private static final String REPLY =
      """
      insert into parley.reply (org_id, room_id, thread_id, message_id)
      select ?, ?, * from unnest(?::bigint[], ?::bigint[]) on conflict do nothing
      """;
  private static final String KNOWN =
      """
      select e.op from unnest(?::text[], ?::uuid[]) as i(actor, op)
       cross join lateral (
         select e.op from parley.room_event e
          where e.org_id = ? and e.room_id = ? and e.actor = i.actor and e.op = i.op
         offset 0) e
      """;

  private static final String LEFT =
      """
      select e.data::jsonb ->> 'member' as member from parley.room_event e
       where e.org_id = ? and e.room_id = ? and e.kind = 'leave'
      """;
  private static final String TAKEN_BACK =
      """
      select exists (
        select from parley.room_event e
         where e.org_id = ? and e.room_id = ? and e.kind = 'unreact' and e.target = ?
           and e.actor = ? and e.data::jsonb ->> 'emoji' = ?) as was
      """;
  private static final String ARCHIVED =
      """
      select exists (
        select from parley.room_event e
         where e.org_id = ? and e.room_id = ? and e.kind = 'room'
           and (e.data::jsonb ->> 'archived')::boolean) as was
      """;

  private final Database database;

  public PostgresHistoryStore(Database database) {
    this.database = database;
  }

  @Override
  public Optional<Range> keep(OrgId org, UUID source, long last) {
    return database.inOrg(
        org,
        tx -> {
          var kept = kept(tx, org);
          if (kept.isEmpty()) {
            // First the sequence, so that nothing that comes meanwhile gets one of the ids.
            tx.query("select parley.raise_message_id(?)", row -> true, last);
            tx.update(
                """
                insert into parley.imported_ids (org_id, source, first_id, last_id)
                select ?, ?, coalesce(max(e.message_id), 0) + 1, ?
                  from parley.room_event e where e.org_id = ? and e.message_id is not null
                on conflict do nothing
                """,
                org,
                source,
                last,
                org);
            kept = kept(tx, org);
          }
          return kept.filter(one -> one.source().equals(source)).map(Kept::range);
        });
  }

  /// Whose ids an organization keeps.
  private record Kept(UUID source, Range range) {}

  private static Optional<Kept> kept(OrgTx tx, OrgId org) {
    return tx.queryOne(
        "select source, first_id, last_id from parley.imported_ids where org_id = ?",
        row ->
            new Kept(row.uuid("source"), new Range(row.number("first_id"), row.number("last_id"))),
        org);
  }

  @Override
  public List<Placed> append(OrgId org, RoomId room, List<Entry> entries) {
    return database.log(
        tx -> {
          var hashes =
              entries.stream().mapToLong(one -> Append.bodyHash(draft(org, room, one))).toArray();
          var placed =
              tx.query(
                  APPEND,
                  row -> placed(row, hashes),
                  org,
                  room,
                  column(entries, one -> one.old().author().value(), String[]::new),
                  column(entries, one -> one.old().message().op(), UUID[]::new),
                  hashes,
                  column(entries, one -> one.old().message().content(), String[]::new),
                  column(entries, PostgresHistoryStore::data, String[]::new),
                  column(entries, Entry::at, Instant[]::new),
                  entries.stream().mapToLong(PostgresHistoryStore::wish).toArray());
          writeReplies(tx, org, room, entries, placed);
          return placed;
        });
  }

  @Override
  public void edited(OrgId org, RoomId room, Map<Long, Instant> editedAt) {
    var messages = List.copyOf(editedAt.entrySet());
    database.inOrg(
        org,
        tx ->
            tx.update(
                """
                insert into parley.message_state (org_id, room_id, message_id, edited_at)
                select ?, ?, * from unnest(?::bigint[], ?::timestamptz[]) on conflict do nothing
                """,
                org,
                room,
                messages.stream().mapToLong(Map.Entry::getKey).toArray(),
                messages.stream().map(Map.Entry::getValue).toArray(Instant[]::new)));
  }

  @Override
  public Set<UUID> known(OrgId org, RoomId room, List<OldMessage> messages) {
    return new HashSet<>(
        database.inOrg(
            org,
            tx ->
                tx.query(
                    KNOWN,
                    row -> row.uuid("op"),
                    messages.stream().map(old -> old.author().value()).toArray(String[]::new),
                    messages.stream().map(old -> old.message().op()).toArray(UUID[]::new),
                    org,
                    room)));
  }

  @Override
  public Set<UserId> left(OrgId org, RoomId room) {
    return new HashSet<>(
        database.inOrg(
            org, tx -> tx.query(LEFT, row -> new UserId(row.text("member")), org, room)));
  }

  @Override
  public boolean tookBack(OrgId org, RoomId room, UserId user, long messageId, String emoji) {
    return database.inOrg(
        org, tx -> was(tx, TAKEN_BACK, org, room, messageId, user.value(), emoji));
  }

  @Override
  public boolean wasArchived(OrgId org, RoomId room) {
    return database.inOrg(org, tx -> was(tx, ARCHIVED, org, room));
  }

  private static boolean was(OrgTx tx, @CompileTimeConstant String question, Object... arguments) {
    return tx.queryOne(question, row -> row.flag("was"), arguments).orElse(false);
  }

  private static Placed placed(Row row, long... hashes) throws SQLException {
    return new Placed(
        row.flag("fresh"),
        row.number("body_hash") == hashes[row.integer("ord") - 1],
        row.number("message_id"),
        row.number("seq"),
        row.number("pos"),
        row.instant("at"));
  }

  private static void writeReplies(
      LogTx tx, OrgId org, RoomId room, List<Entry> entries, List<Placed> placed) {
    var threads = new ArrayList<Long>();
    var replies = new ArrayList<Long>();
    for (int i = 0; i < placed.size(); i++) {
      var thread = entries.get(i).threadId();
      if (placed.get(i).fresh() && thread.isPresent()) {
        threads.add(thread.getAsLong());
        replies.add(placed.get(i).messageId());
      }
    }
    if (!replies.isEmpty()) {
      tx.update(
          REPLY,
          org,
          room,
          threads.stream().mapToLong(Long::longValue).toArray(),
          replies.stream().mapToLong(Long::longValue).toArray());
    }
  }

  /// No id is below 1, so 0 asks for a new one.
  private static long wish(Entry entry) {
    return entry.keepId() ? entry.old().wish().orElse(0) : 0;
  }

  private static Draft draft(OrgId org, RoomId room, Entry entry) {
    var message = entry.old().message();
    return new Draft(
        org,
        room,
        entry.old().author(),
        message.op(),
        message.content(),
        entry.threadId(),
        message.attachments(),
        message.labels(),
        false,
        List.of());
  }

  @SuppressWarnings("NullAway") // A column of the batch may hold nulls, which arrays cannot say.
  private static String data(Entry entry) {
    var message = entry.old().message();
    return EventRows.extras(entry.threadId(), message.attachments(), message.labels()).orElse(null);
  }

  private static <T> T[] column(
      List<Entry> entries, Function<Entry, T> value, IntFunction<T[]> array) {
    return entries.stream().map(value).toArray(array);
  }
}
