package dev.parley.server.adapter.postgres;

import dev.parley.server.base.OrgId;
import dev.parley.server.base.RoomId;
import dev.parley.server.base.UserId;
import dev.parley.server.domain.event.RoomEvent;
import dev.parley.server.domain.event.RoomEvent.LeaveReason;
import dev.parley.server.domain.event.RoomEvent.MemberJoined;
import dev.parley.server.domain.event.RoomEvent.MemberLeft;
import dev.parley.server.domain.event.RoomEvent.MemberRoleChanged;
import dev.parley.server.domain.event.RoomEvent.MessageDeleted;
import dev.parley.server.domain.event.RoomEvent.MessageEdited;
import dev.parley.server.domain.event.RoomEvent.MessagePosted;
import dev.parley.server.domain.event.RoomEvent.Pinned;
import dev.parley.server.domain.event.RoomEvent.Reacted;
import dev.parley.server.domain.event.RoomEvent.RoomChanged;
import dev.parley.server.domain.event.RoomEvent.Stamp;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/// Events of the room log as rows of `room_event`, and back.
final class EventRows {
  /// The columns that [#read] needs, in any order.
  static final String COLUMNS =
      "org_id, room_id, pos, kind, actor, at, seq, message_id, op, target, content, data";

  private static final String INSERT =
      """
      insert into parley.room_event
        (org_id, room_id, pos, kind, actor, at, target, content, data)
      values (?, ?, ?, ?, ?, ?, ?, ?, ?)
      """;
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private EventRows() {}

  /// What a message carries besides its content; null in the database when it carries nothing.
  record Extras(
      @Nullable Long thread, @Nullable List<String> files, @Nullable Map<String, String> labels) {
    static final Extras NONE = new Extras(null, null, null);
  }

  /// What an event that is about no message carries.
  record Facts(
      @Nullable String member,
      @Nullable String role,
      @Nullable String reason,
      @Nullable String emoji,
      @Nullable String name,
      @Nullable String topic,
      @Nullable Boolean archived) {
    static Facts member(UserId member, @Nullable String role, @Nullable String reason) {
      return new Facts(member.value(), role, reason, null, null, null, null);
    }

    static Facts emoji(String emoji) {
      return new Facts(null, null, null, emoji, null, null, null);
    }
  }

  /// What a message carries besides its content, as it is kept.
  static Optional<String> extras(
      OptionalLong thread, List<String> files, Map<String, String> labels) {
    if (thread.isEmpty() && files.isEmpty() && labels.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        JSON.writeValueAsString(
            new Extras(
                thread.isPresent() ? thread.getAsLong() : null,
                files.isEmpty() ? null : files,
                labels.isEmpty() ? null : labels)));
  }

  /// Adds an event that is no message to the log.
  static void insert(OrgTx tx, RoomEvent event) {
    switch (event) {
      case MessagePosted posted ->
          throw new IllegalArgumentException("messages are posted by the writer lanes: " + posted);
      case MessageEdited edited ->
          insert(tx, event, "edit", edited.messageId(), edited.content().orElse(null), null);
      case MessageDeleted deleted -> insert(tx, event, "delete", deleted.messageId(), null, null);
      case Reacted reacted ->
          insert(
              tx,
              event,
              reacted.added() ? "react" : "unreact",
              reacted.messageId(),
              null,
              Facts.emoji(reacted.emoji()));
      case Pinned pinned ->
          insert(tx, event, pinned.added() ? "pin" : "unpin", pinned.messageId(), null, null);
      case MemberJoined joined ->
          insert(tx, event, "join", null, null, Facts.member(joined.member(), joined.role(), null));
      case MemberLeft left ->
          insert(
              tx,
              event,
              "leave",
              null,
              null,
              Facts.member(left.member(), null, left.reason().name()));
      case MemberRoleChanged changed ->
          insert(
              tx, event, "role", null, null, Facts.member(changed.member(), changed.role(), null));
      case RoomChanged changed ->
          insert(
              tx,
              event,
              "room",
              null,
              null,
              new Facts(
                  null, null, null, null, changed.name(), changed.topic(), changed.archived()));
    }
  }

  /// The event of a row.
  static RoomEvent read(Row row) throws SQLException {
    var stamp = stamp(row);
    var actor = new UserId(row.text("actor"));
    var kind = row.text("kind");
    long target = row.optionalNumber("target").orElse(0);
    return switch (kind) {
      case "message" -> message(row, stamp, actor);
      case "edit" -> new MessageEdited(stamp, actor, target, content(row));
      case "delete" -> new MessageDeleted(stamp, actor, target);
      case "react", "unreact" ->
          new Reacted(stamp, actor, target, text(facts(row).emoji()), kind.equals("react"));
      case "pin", "unpin" -> new Pinned(stamp, actor, target, kind.equals("pin"));
      case "join" -> new MemberJoined(stamp, actor, member(row), text(facts(row).role()));
      case "leave" ->
          new MemberLeft(stamp, actor, member(row), LeaveReason.valueOf(text(facts(row).reason())));
      case "role" -> new MemberRoleChanged(stamp, actor, member(row), text(facts(row).role()));
      case "room" -> {
        var facts = facts(row);
        yield new RoomChanged(
            stamp,
            actor,
            text(facts.name()),
            text(facts.topic()),
            Boolean.TRUE.equals(facts.archived()));
      }
      default -> throw new IllegalStateException("unknown kind of event in the log: " + kind);
    };
  }

  /// The message of a row that has `seq`, `message_id`, `op`, `content` and `data`.
  static MessagePosted message(Row row, Stamp stamp, UserId actor) throws SQLException {
    var extras = extras(row.optionalText("data"));
    return new MessagePosted(
        stamp,
        actor,
        row.number("seq"),
        row.number("message_id"),
        row.uuid("op"),
        content(row),
        thread(extras),
        files(extras),
        labels(extras));
  }

  static Extras extras(Optional<String> data) {
    return data.map(json -> JSON.readValue(json, Extras.class)).orElse(Extras.NONE);
  }

  static OptionalLong thread(Extras extras) {
    return extras.thread() == null ? OptionalLong.empty() : OptionalLong.of(extras.thread());
  }

  static List<String> files(Extras extras) {
    return extras.files() == null ? List.of() : extras.files();
  }

  static Map<String, String> labels(Extras extras) {
    return extras.labels() == null ? Map.of() : Map.copyOf(extras.labels());
  }

  private static void insert(
      OrgTx tx,
      RoomEvent event,
      String kind,
      @Nullable Long target,
      @Nullable String content,
      @Nullable Facts facts) {
    var stamp = event.stamp();
    tx.update(
        INSERT,
        stamp.org().value(),
        stamp.room().value(),
        stamp.pos(),
        kind,
        event.actor().value(),
        stamp.at(),
        Optional.ofNullable(target),
        Optional.ofNullable(content),
        Optional.ofNullable(facts).map(JSON::writeValueAsString));
  }

  private static Stamp stamp(Row row) throws SQLException {
    return new Stamp(
        new OrgId(row.uuid("org_id")),
        new RoomId(row.uuid("room_id")),
        row.number("pos"),
        row.instant("at"));
  }

  private static Optional<String> content(Row row) throws SQLException {
    return row.optionalText("content");
  }

  private static UserId member(Row row) throws SQLException {
    return new UserId(text(facts(row).member()));
  }

  private static Facts facts(Row row) throws SQLException {
    return JSON.readValue(row.text("data"), Facts.class);
  }

  private static String text(@Nullable String value) {
    if (value == null) {
      throw new IllegalStateException("an event in the log lacks a field");
    }
    return value;
  }
}
