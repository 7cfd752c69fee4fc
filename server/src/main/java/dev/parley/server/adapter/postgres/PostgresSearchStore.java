package dev.parley.server.adapter.postgres;

import dev.parley.server.base.OrgId;
import dev.parley.server.base.OutageException;
import dev.parley.server.base.Refusal;
import dev.parley.server.base.RefusedException;
import dev.parley.server.base.RoomId;
import dev.parley.server.base.UserId;
import dev.parley.server.domain.message.Message;
import dev.parley.server.domain.search.Mark;
import dev.parley.server.domain.search.SearchQuery;
import dev.parley.server.domain.search.SearchStore;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

/// Keeps the words of messages in PostgreSQL: a text-search vector for each message, under a GIN
/// index.
public final class PostgresSearchStore implements SearchStore {
  private static final long LOCK = 0x5061_7365_6172_6368L;
  private static final String CANCELLED = "57014";

  private final Database database;

  public PostgresSearchStore(Database database) {
    this.database = database;
  }

  @Override
  public List<Message> find(
      OrgId org, UserId user, SearchQuery query, Scope scope, OptionalLong before, int limit) {
    try {
      return database.inOrg(
          org,
          tx -> {
            // A search must not hold a connection for long.
            tx.query("select set_config('statement_timeout', '2s', true)", row -> true);
            return find(tx, org, user, query, scope, before, limit);
          });
    } catch (OutageException e) {
      if (e.getCause() instanceof SQLException failure && CANCELLED.equals(failure.getSQLState())) {
        throw new RefusedException(
            new Refusal.Busy("the search takes too long; look for more words, or rarer ones"));
      }
      throw e;
    }
  }

  /// Who may see what is judged in the statement that finds: what it shows was there together with
  /// the right to see it.
  private static List<Message> find(
      OrgTx tx,
      OrgId org,
      UserId user,
      SearchQuery query,
      Scope scope,
      OptionalLong before,
      int limit) {
    var hits =
        tx.query(
            """
            select room_id, message_id from parley.search_messages(
              ?, ?::tsquery, ?::text[], ?::text[], ?::uuid, ?::text, ?::timestamptz, ?::timestamptz,
              ?::text[], ?, ?)
            """,
            row -> new Hit(row.uuid("room_id"), row.number("message_id")),
            user.value(),
            SearchWords.query(org, query),
            names(query.from(), user),
            names(query.in(), user),
            scope.room().map(RoomId::value),
            scope.author().map(UserId::value),
            query.before(),
            query.after(),
            query.has().stream().map(Mark::name).toArray(String[]::new),
            before.orElse(Long.MAX_VALUE),
            limit);
    return load(tx, org, hits).stream()
        .sorted(Comparator.comparingLong(Message::messageId).reversed())
        .toList();
  }

  private record Hit(UUID room, long messageId) {}

  private static List<Message> load(OrgTx tx, OrgId org, List<Hit> hits) {
    return PostgresMessageStore.found(
            tx,
            org,
            hits.stream().map(Hit::room).toArray(UUID[]::new),
            hits.stream().mapToLong(Hit::messageId).toArray())
        .stream()
        .filter(message -> message.deletedAt().isEmpty())
        .toList();
  }

  private static Optional<String[]> names(List<String> given, UserId user) {
    return given.isEmpty()
        ? Optional.empty()
        : Optional.of(
            given.stream()
                .map(name -> name.equalsIgnoreCase("me") ? user.value() : name)
                .map(name -> name.toLowerCase(Locale.ROOT))
                .toArray(String[]::new));
  }

  @Override
  public List<Lag> behind(int version, int limit) {
    return database.global(
        tx ->
            tx.query(
                "select org_id, room_id, pos, last_pos from parley.search_behind(?, ?)",
                row ->
                    new Lag(
                        new OrgId(row.uuid("org_id")),
                        new RoomId(row.uuid("room_id")),
                        row.number("pos"),
                        row.number("last_pos")),
                version,
                limit));
  }

  @Override
  public Step read(Lag lag, int limit) {
    return database.inOrg(
        lag.org(),
        tx -> {
          var events =
              tx.query(
                  """
                  select pos, coalesce(message_id, target, 0) as message from parley.room_event
                   where org_id = ? and room_id = ? and pos > ? order by pos limit ?
                  """,
                  row -> new Change(row.number("pos"), row.number("message")),
                  lag.org().value(),
                  lag.room().value(),
                  lag.pos(),
                  limit);
          var changed =
              events.stream()
                  .mapToLong(Change::message)
                  .filter(id -> id > 0)
                  .distinct()
                  .mapToObj(id -> new Hit(lag.room().value(), id))
                  .toList();
          long pos = events.isEmpty() ? lag.last() : events.getLast().pos();
          return new Step(pos, load(tx, lag.org(), changed));
        });
  }

  private record Change(long pos, long message) {}

  /// The lock on the room's mark is also taken by whoever deletes a message, so that none that was
  /// deleted since it was read comes in here behind their back.
  @Override
  public boolean write(Lag lag, int version, long pos, List<Entry> entries) {
    return database.inOrg(
        lag.org(),
        tx -> {
          lockMark(tx, lag.org(), lag.room());
          int moved =
              tx.update(
                  """
                  update parley.search_mark set pos = ?, version = ?
                   where org_id = ? and room_id = ? and case when version = ? then pos else 0 end = ?
                  """,
                  pos,
                  version,
                  lag.org().value(),
                  lag.room().value(),
                  version,
                  lag.pos());
          if (moved == 1 && !entries.isEmpty()) {
            insert(tx, lag, entries);
          }
          return moved == 1;
        });
  }

  /// Locks the mark of a room's index, making it if there is none. Lock 6 of docs/locks.md.
  static void lockMark(OrgTx tx, OrgId org, RoomId room) {
    tx.update(
        """
        insert into parley.search_mark as m (org_id, room_id, pos, version) values (?, ?, 0, 0)
        on conflict (org_id, room_id) do update set pos = m.pos
        """,
        org.value(),
        room.value());
  }

  private static void insert(OrgTx tx, Lag lag, List<Entry> entries) {
    tx.update(
        """
        insert into parley.search_entry (org_id, message_id, room_id, author, at, link, words)
        select ?, i.message_id, ?, i.author, i.at, i.link, i.words::tsvector
          from unnest(?::bigint[], ?::text[], ?::timestamptz[], ?::boolean[], ?::text[])
            as i (message_id, author, at, link, words)
         where not exists (
           select 1 from parley.message_state s
            where s.org_id = ? and s.room_id = ? and s.message_id = i.message_id
              and s.deleted_at is not null)
        on conflict (org_id, message_id) do update set link = excluded.link, words = excluded.words
        """,
        lag.org().value(),
        lag.room().value(),
        entries.stream().mapToLong(entry -> entry.message().messageId()).toArray(),
        entries.stream().map(entry -> entry.message().author().value()).toArray(String[]::new),
        entries.stream().map(entry -> entry.message().postedAt()).toArray(java.time.Instant[]::new),
        links(entries),
        entries.stream()
            .map(entry -> SearchWords.vector(lag.org(), entry.words()))
            .toArray(String[]::new),
        lag.org().value(),
        lag.room().value());
  }

  private static boolean[] links(List<Entry> entries) {
    var links = new boolean[entries.size()];
    for (int i = 0; i < links.length; i++) {
      links[i] = entries.get(i).link();
    }
    return links;
  }

  /// The transaction does nothing but hold the lock, so it ends with the work, or with the node.
  @Override
  public boolean exclusively(Runnable work) {
    return database.global(
        tx -> {
          boolean mine =
              tx.queryOne(
                      "select pg_try_advisory_xact_lock(?) as mine", row -> row.flag("mine"), LOCK)
                  .orElse(false);
          if (mine) {
            work.run();
          }
          return mine;
        });
  }
}
