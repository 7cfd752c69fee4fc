package dev.parley.server.adapter.postgres;

import dev.parley.server.base.Refusal;
import dev.parley.server.domain.event.RoomEvent.MessagePosted;
import dev.parley.server.domain.event.RoomEvent.Stamp;
import dev.parley.server.domain.room.RoomLog.Outcome;
import java.sql.SQLException;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.IntFunction;

/// Writes a batch of messages in one transaction by the function `parley.append_messages`.
final class BatchWriter {
  private static final String APPEND =
      """
      select ord, status, pos, seq, message_id, at, content, data, body_hash
        from parley.append_messages(?, ?, ?, ?, ?, ?, ?, ?, ?)
      """;
  private static final String MENTION =
      """
      insert into parley.mention (org_id, room_id, user_id, seq)
      select * from unnest(?::uuid[], ?::uuid[], ?::text[], ?::bigint[]) on conflict do nothing
      """;

  private static final String FILE_USE =
      """
      insert into parley.file_use (org_id, file_id, room_id, message_id)
      select * from unnest(?::uuid[], ?::uuid[], ?::uuid[], ?::bigint[]) on conflict do nothing
      """;
  private static final String REPLY =
      """
      insert into parley.reply (org_id, room_id, thread_id, message_id)
      select * from unnest(?::uuid[], ?::uuid[], ?::bigint[], ?::bigint[]) on conflict do nothing
      """;

  private final Database database;
  private final InstantSource clock;

  BatchWriter(Database database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  /// Commits the batch and says what became of each, in its order.
  ///
  /// @throws dev.parley.server.base.OutageException with kind UNKNOWN if it may have been committed
  List<Outcome> write(List<Append> batch) {
    return database.log(
        tx -> {
          var outcomes = new Outcome[batch.size()];
          tx.query(
              APPEND,
              row -> {
                int index = row.integer("ord") - 1;
                outcomes[index] = outcome(row, batch.get(index));
                return index;
              },
              column(batch, a -> a.draft().org().value(), UUID[]::new),
              column(batch, a -> a.draft().room().value(), UUID[]::new),
              column(batch, a -> a.draft().sender().value(), String[]::new),
              column(batch, a -> a.draft().op(), UUID[]::new),
              batch.stream().mapToLong(Append::bodyHash).toArray(),
              column(batch, a -> a.draft().content(), String[]::new),
              column(batch, BatchWriter::data, String[]::new),
              memberOnly(batch),
              clock.instant().truncatedTo(ChronoUnit.MICROS));
          writeMentions(tx, batch, outcomes);
          writeReplies(tx, outcomes);
          writeFileUses(tx, outcomes);
          return Arrays.asList(outcomes);
        });
  }

  private static void writeMentions(LogTx tx, List<Append> batch, Outcome[] outcomes) {
    var orgs = new ArrayList<UUID>();
    var rooms = new ArrayList<UUID>();
    var users = new ArrayList<String>();
    var seqs = new ArrayList<Long>();
    for (int i = 0; i < outcomes.length; i++) {
      var draft = batch.get(i).draft();
      if (outcomes[i] instanceof Outcome.Posted(var event, var duplicate) && !duplicate) {
        for (var user : draft.mentions()) {
          orgs.add(draft.org().value());
          rooms.add(draft.room().value());
          users.add(user.value());
          seqs.add(event.seq());
        }
      }
    }
    if (!orgs.isEmpty()) {
      tx.update(
          MENTION,
          orgs.toArray(UUID[]::new),
          rooms.toArray(UUID[]::new),
          users.toArray(String[]::new),
          seqs.stream().mapToLong(Long::longValue).toArray());
    }
  }

  private static void writeReplies(LogTx tx, Outcome[] outcomes) {
    var replies = new ArrayList<MessagePosted>();
    for (var outcome : outcomes) {
      if (outcome instanceof Outcome.Posted(var event, var duplicate)
          && !duplicate
          && event.threadId().isPresent()) {
        replies.add(event);
      }
    }
    if (!replies.isEmpty()) {
      tx.update(
          REPLY,
          replies.stream().map(event -> event.stamp().org().value()).toArray(UUID[]::new),
          replies.stream().map(event -> event.room().value()).toArray(UUID[]::new),
          replies.stream().mapToLong(event -> event.threadId().orElseThrow()).toArray(),
          replies.stream().mapToLong(MessagePosted::messageId).toArray());
    }
  }

  private static void writeFileUses(LogTx tx, Outcome[] outcomes) {
    var orgs = new ArrayList<UUID>();
    var files = new ArrayList<UUID>();
    var rooms = new ArrayList<UUID>();
    var messages = new ArrayList<Long>();
    for (var outcome : outcomes) {
      if (outcome instanceof Outcome.Posted(var event, var duplicate) && !duplicate) {
        for (var file : event.attachments()) {
          orgs.add(event.stamp().org().value());
          files.add(UUID.fromString(file));
          rooms.add(event.room().value());
          messages.add(event.messageId());
        }
      }
    }
    if (!files.isEmpty()) {
      tx.update(
          FILE_USE,
          orgs.toArray(UUID[]::new),
          files.toArray(UUID[]::new),
          rooms.toArray(UUID[]::new),
          messages.stream().mapToLong(Long::longValue).toArray());
    }
  }

  private static Outcome outcome(Row row, Append append) throws SQLException {
    return switch (row.text("status")) {
      case "posted" -> new Outcome.Posted(posted(row, append), false);
      case "known" ->
          row.number("body_hash") == append.bodyHash()
              ? new Outcome.Posted(known(row, append), true)
              : Batch.mismatch();
      case "no_member" ->
          new Outcome.Refused(new Refusal.Forbidden("you are no member of the room"));
      case "no_room" -> new Outcome.Refused(new Refusal.NotFound("no such room"));
      default -> throw new IllegalStateException("unknown status of an append");
    };
  }

  private static MessagePosted posted(Row row, Append append) throws SQLException {
    var draft = append.draft();
    return new MessagePosted(
        stamp(row, append),
        draft.sender(),
        row.number("seq"),
        row.number("message_id"),
        draft.op(),
        Optional.of(draft.content()),
        draft.threadId(),
        draft.attachments(),
        draft.labels());
  }

  /// What the log says of a message that it has already; its content may be gone.
  private static MessagePosted known(Row row, Append append) throws SQLException {
    var extras = EventRows.extras(row.optionalText("data"));
    return new MessagePosted(
        stamp(row, append),
        append.draft().sender(),
        row.number("seq"),
        row.number("message_id"),
        append.draft().op(),
        row.optionalText("content"),
        EventRows.thread(extras),
        EventRows.files(extras),
        EventRows.labels(extras));
  }

  private static Stamp stamp(Row row, Append append) throws SQLException {
    return new Stamp(
        append.draft().org(), append.draft().room(), row.number("pos"), row.instant("at"));
  }

  private static boolean[] memberOnly(List<Append> batch) {
    var flags = new boolean[batch.size()];
    for (int i = 0; i < flags.length; i++) {
      flags[i] = batch.get(i).draft().memberOnly();
    }
    return flags;
  }

  @SuppressWarnings("NullAway") // A column of the batch may hold nulls, which arrays cannot say.
  private static String data(Append append) {
    var draft = append.draft();
    return EventRows.extras(draft.threadId(), draft.attachments(), draft.labels()).orElse(null);
  }

  private static <T> T[] column(
      List<Append> batch, Function<Append, T> value, IntFunction<T[]> array) {
    return batch.stream().map(value).toArray(array);
  }
}
