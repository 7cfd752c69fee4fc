package dev.parley.protocol;

import dev.parley.protocol.ServerEvent.Behind;
import dev.parley.protocol.ServerEvent.Deleted;
import dev.parley.protocol.ServerEvent.Drain;
import dev.parley.protocol.ServerEvent.Edited;
import dev.parley.protocol.ServerEvent.Expiring;
import dev.parley.protocol.ServerEvent.Failure;
import dev.parley.protocol.ServerEvent.InRoom;
import dev.parley.protocol.ServerEvent.Inbox;
import dev.parley.protocol.ServerEvent.InboxRoom;
import dev.parley.protocol.ServerEvent.Live;
import dev.parley.protocol.ServerEvent.MemberJoined;
import dev.parley.protocol.ServerEvent.MemberLeft;
import dev.parley.protocol.ServerEvent.MemberRole;
import dev.parley.protocol.ServerEvent.Message;
import dev.parley.protocol.ServerEvent.Ok;
import dev.parley.protocol.ServerEvent.Ping;
import dev.parley.protocol.ServerEvent.Pinned;
import dev.parley.protocol.ServerEvent.Presence;
import dev.parley.protocol.ServerEvent.Reacted;
import dev.parley.protocol.ServerEvent.Read;
import dev.parley.protocol.ServerEvent.ReadMarker;
import dev.parley.protocol.ServerEvent.Reset;
import dev.parley.protocol.ServerEvent.RoomChanged;
import dev.parley.protocol.ServerEvent.RoomJoined;
import dev.parley.protocol.ServerEvent.RoomLeft;
import dev.parley.protocol.ServerEvent.TaskDue;
import dev.parley.protocol.ServerEvent.Typing;
import dev.parley.protocol.ServerEvent.Welcome;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/// Events of `parley.v1` as JSON text.
public final class EventCodec {
  private EventCodec() {}

  /// Writes one event as UTF-8.
  public static byte[] encode(ServerEvent event) {
    return Json.write(json -> write(json, event));
  }

  /// Reads one event; empty if its type is unknown, which both sides ignore.
  ///
  /// @throws MalformedFrameException if the text is no object or a field is missing or wrong
  public static Optional<ServerEvent> decode(String text) {
    var fields = Json.read(text);
    return Optional.ofNullable(event(fields.string("type"), fields));
  }

  private static void write(JsonGenerator json, ServerEvent event) {
    switch (event) {
      case InRoom inRoom -> writeInRoom(json, inRoom);
      case RoomJoined joined -> mine(json, "room_joined", joined.me(), joined.roomId());
      case RoomLeft left -> {
        mine(json, "room_left", left.me(), left.roomId());
        json.writeStringProperty("reason", left.reason());
      }
      case ReadMarker marker -> {
        mine(json, "read_marker", marker.me(), marker.roomId());
        json.writeNumberProperty("message_id", marker.messageId());
        json.writeNumberProperty("seq", marker.seq());
      }
      case TaskDue due -> {
        type(json, "task_due");
        json.writeNumberProperty("me", due.me());
        json.writeStringProperty("org_id", due.orgId());
        json.writeStringProperty("task_id", due.taskId());
        json.writeStringProperty("title", due.title());
        JsonFields.instant(json, "due_date", due.dueDate());
      }
      case Typing typing -> {
        by(json, "typing", typing.roomId(), typing.userId());
        json.writeBooleanProperty("active", typing.active());
      }
      case Read read -> {
        by(json, "read", read.roomId(), read.userId());
        json.writeNumberProperty("message_id", read.messageId());
        json.writeNumberProperty("seq", read.seq());
      }
      case Presence presence -> {
        type(json, "presence");
        json.writeStringProperty("user_id", presence.userId());
        json.writeBooleanProperty("online", presence.online());
        JsonFields.instant(json, "last_seen", presence.lastSeen());
      }
      case Welcome welcome -> write(json, welcome);
      case Inbox inbox -> write(json, inbox);
      case Live live -> {
        type(json, "live");
        JsonFields.number(json, "me", live.me());
        JsonFields.numbers(json, "rooms", live.rooms());
      }
      case Ok ok -> write(json, ok);
      case Behind behind -> {
        onRoom(json, "behind", behind.roomId());
        json.writeNumberProperty("pos", behind.pos());
        json.writeNumberProperty("seq", behind.seq());
      }
      case Reset reset -> {
        onRoom(json, "reset", reset.roomId());
        json.writeStringProperty("epoch", reset.epoch());
        json.writeStringProperty("reason", reset.reason());
      }
      case Ping() -> type(json, "ping");
      case Expiring expiring -> {
        type(json, "expiring");
        json.writeNumberProperty("in_ms", expiring.inMs());
      }
      case Drain drain -> {
        type(json, "drain");
        json.writeNumberProperty("within_ms", drain.withinMs());
      }
      case Failure failure -> write(json, failure);
    }
  }

  private static void writeInRoom(JsonGenerator json, InRoom event) {
    switch (event) {
      case Message message -> write(json, message);
      case Edited edited -> {
        inRoom(json, "edit", edited);
        json.writeNumberProperty("message_id", edited.messageId());
        JsonFields.string(json, "content", edited.content());
      }
      case Deleted deleted -> {
        inRoom(json, "delete", deleted);
        json.writeNumberProperty("message_id", deleted.messageId());
      }
      case Reacted reacted -> {
        inRoom(json, reacted.added() ? "react" : "unreact", reacted);
        json.writeNumberProperty("message_id", reacted.messageId());
        json.writeStringProperty("emoji", reacted.emoji());
      }
      case Pinned pinned -> {
        inRoom(json, pinned.added() ? "pin" : "unpin", pinned);
        json.writeNumberProperty("message_id", pinned.messageId());
      }
      case MemberJoined joined -> {
        inRoom(json, "member_joined", joined);
        json.writeStringProperty("member_id", joined.memberId());
        json.writeStringProperty("role", joined.role());
      }
      case MemberLeft left -> {
        inRoom(json, "member_left", left);
        json.writeStringProperty("member_id", left.memberId());
        json.writeStringProperty("reason", left.reason());
      }
      case MemberRole role -> {
        inRoom(json, "member_role", role);
        json.writeStringProperty("member_id", role.memberId());
        json.writeStringProperty("role", role.role());
      }
      case RoomChanged changed -> {
        inRoom(json, "room_changed", changed);
        json.writeStringProperty("name", changed.name());
        json.writeStringProperty("topic", changed.topic());
        json.writeBooleanProperty("archived", changed.archived());
      }
    }
  }

  private static void write(JsonGenerator json, Message message) {
    onRoom(json, "message", message.roomId());
    json.writeNumberProperty("pos", message.pos());
    json.writeNumberProperty("seq", message.seq());
    json.writeNumberProperty("message_id", message.messageId());
    JsonFields.uuid(json, "op", message.op());
    json.writeStringProperty("user_id", message.userId());
    JsonFields.string(json, "content", message.content());
    JsonFields.number(json, "thread_id", message.threadId());
    JsonFields.strings(json, "attachments", message.attachments());
    JsonFields.flag(json, "deleted", message.content() == null);
    JsonFields.instant(json, "timestamp", message.timestamp());
  }

  private static void write(JsonGenerator json, Welcome welcome) {
    head(json, "welcome", welcome.id());
    json.writeStringProperty("session_id", welcome.sessionId());
    json.writeStringProperty("user_id", welcome.userId());
    json.writeNumberProperty("heartbeat_ms", welcome.heartbeatMs());
    JsonFields.instant(json, "expires_at", welcome.expiresAt());
    JsonFields.numbers(json, "limits", welcome.limits());
    JsonFields.numbers(
        json, "retry", Map.of("min_ms", welcome.retryMinMs(), "max_ms", welcome.retryMaxMs()));
    JsonFields.cursor(json, "me", welcome.me());
  }

  private static void write(JsonGenerator json, Inbox inbox) {
    type(json, "inbox");
    json.writeArrayPropertyStart("rooms");
    inbox.rooms().forEach(room -> write(json, room));
    json.writeEndArray();
    json.writeStringProperty("mark", inbox.mark());
    JsonFields.flag(json, "truncated", inbox.truncated());
  }

  private static void write(JsonGenerator json, InboxRoom room) {
    json.writeStartObject();
    json.writeStringProperty("room_id", room.roomId());
    json.writeStringProperty("org_id", room.orgId());
    json.writeStringProperty("kind", room.kind());
    json.writeStringProperty("name", room.name());
    json.writeStringProperty("epoch", room.epoch());
    json.writeNumberProperty("pos", room.pos());
    json.writeNumberProperty("seq", room.seq());
    json.writeNumberProperty("read_seq", room.readSeq());
    json.writeNumberProperty("unread", room.unread());
    json.writeNumberProperty("mentions", room.mentions());
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, Ok ok) {
    head(json, "ok", ok.id());
    JsonFields.string(json, "room_id", ok.roomId());
    JsonFields.number(json, "message_id", ok.messageId());
    JsonFields.number(json, "seq", ok.seq());
    JsonFields.number(json, "pos", ok.pos());
    JsonFields.instant(json, "timestamp", ok.timestamp());
    JsonFields.instant(json, "expires_at", ok.expiresAt());
    JsonFields.flag(json, "duplicate", ok.duplicate());
    JsonFields.flag(json, "more", ok.more());
  }

  private static void write(JsonGenerator json, Failure failure) {
    head(json, "error", failure.id());
    json.writeStringProperty("code", failure.code().wireName());
    json.writeStringProperty("message", failure.message());
    json.writeBooleanProperty("temporary", failure.code().temporary());
    JsonFields.number(json, "retry_after_ms", failure.retryAfterMs());
  }

  private static void type(JsonGenerator json, String type) {
    json.writeStringProperty("type", type);
  }

  private static void head(JsonGenerator json, String type, long id) {
    type(json, type);
    if (id > 0) {
      json.writeNumberProperty("id", id);
    }
  }

  private static void onRoom(JsonGenerator json, String type, String room) {
    type(json, type);
    json.writeStringProperty("room_id", room);
  }

  private static void by(JsonGenerator json, String type, String room, String user) {
    onRoom(json, type, room);
    json.writeStringProperty("user_id", user);
  }

  private static void mine(JsonGenerator json, String type, long me, String room) {
    onRoom(json, type, room);
    json.writeNumberProperty("me", me);
  }

  private static void inRoom(JsonGenerator json, String type, InRoom event) {
    onRoom(json, type, event.roomId());
    json.writeNumberProperty("pos", event.pos());
    json.writeStringProperty("user_id", event.userId());
    JsonFields.instant(json, "timestamp", event.timestamp());
  }

  private static @Nullable ServerEvent event(String type, Fields f) {
    return switch (type) {
      case "message" ->
          new Message(
              room(f),
              f.number("pos"),
              f.number("seq"),
              message(f),
              f.uuidOrNull("op"),
              user(f),
              f.stringOrNull("content"),
              f.numberOrNull("thread_id"),
              f.strings("attachments"),
              f.instant("timestamp"));
      case "edit" ->
          new Edited(
              room(f),
              pos(f),
              user(f),
              message(f),
              f.stringOrNull("content"),
              f.instant("timestamp"));
      case "delete" -> new Deleted(room(f), pos(f), user(f), message(f), f.instant("timestamp"));
      case "react", "unreact" ->
          new Reacted(
              room(f),
              pos(f),
              user(f),
              message(f),
              f.string("emoji"),
              type.equals("react"),
              f.instant("timestamp"));
      case "pin", "unpin" ->
          new Pinned(
              room(f), pos(f), user(f), message(f), type.equals("pin"), f.instant("timestamp"));
      case "member_joined" ->
          new MemberJoined(
              room(f),
              pos(f),
              user(f),
              f.string("member_id"),
              f.string("role"),
              f.instant("timestamp"));
      case "member_left" ->
          new MemberLeft(
              room(f),
              pos(f),
              user(f),
              f.string("member_id"),
              f.string("reason"),
              f.instant("timestamp"));
      case "member_role" ->
          new MemberRole(
              room(f),
              pos(f),
              user(f),
              f.string("member_id"),
              f.string("role"),
              f.instant("timestamp"));
      case "room_changed" ->
          new RoomChanged(
              room(f),
              pos(f),
              user(f),
              f.string("name"),
              f.string("topic"),
              f.flag("archived", false),
              f.instant("timestamp"));
      case "room_joined" -> new RoomJoined(f.number("me"), room(f));
      case "room_left" -> new RoomLeft(f.number("me"), room(f), f.string("reason"));
      case "read_marker" -> new ReadMarker(f.number("me"), room(f), message(f), f.number("seq"));
      case "task_due" ->
          new TaskDue(
              f.number("me"),
              f.string("org_id"),
              f.string("task_id"),
              f.string("title"),
              f.instant("due_date"));
      case "typing" -> new Typing(room(f), user(f), f.flag("active", true));
      case "read" -> new Read(room(f), user(f), message(f), f.number("seq"));
      case "presence" -> new Presence(user(f), f.flag("online", false), f.instant("last_seen"));
      case "welcome" -> welcome(f);
      case "inbox" ->
          new Inbox(
              f.objects("rooms").stream().map(EventCodec::inboxRoom).toList(),
              f.string("mark"),
              f.flag("truncated", false));
      case "live" -> new Live(f.numberOrNull("me"), f.numbers("rooms"));
      case "ok" -> ok(f);
      case "behind" -> new Behind(room(f), pos(f), f.number("seq"));
      case "reset" -> new Reset(room(f), f.string("epoch"), f.string("reason"));
      case "ping" -> new Ping();
      case "expiring" -> new Expiring(f.number("in_ms"));
      case "drain" -> new Drain(f.number("within_ms"));
      case "error" ->
          new Failure(
              f.id(),
              ErrorCode.ofWireName(f.string("code")),
              f.string("message"),
              f.numberOrNull("retry_after_ms"));
      default -> null;
    };
  }

  private static Welcome welcome(Fields f) {
    var retry = f.numbers("retry");
    return new Welcome(
        f.id(),
        f.string("session_id"),
        user(f),
        f.number("heartbeat_ms"),
        f.instantOrNull("expires_at"),
        f.numbers("limits"),
        retry.getOrDefault("min_ms", 300L),
        retry.getOrDefault("max_ms", 20_000L),
        Objects.requireNonNullElseGet(f.cursorOrNull("me"), () -> new Cursor("", 0)));
  }

  private static InboxRoom inboxRoom(Fields f) {
    return new InboxRoom(
        room(f),
        f.string("org_id"),
        f.string("kind"),
        f.string("name"),
        f.string("epoch"),
        pos(f),
        f.number("seq"),
        f.number("read_seq"),
        f.number("unread"),
        f.number("mentions"));
  }

  private static Ok ok(Fields f) {
    return new Ok(
        f.id(),
        f.stringOrNull("room_id"),
        f.numberOrNull("message_id"),
        f.numberOrNull("seq"),
        f.numberOrNull("pos"),
        f.instantOrNull("timestamp"),
        f.instantOrNull("expires_at"),
        f.flag("duplicate", false),
        f.flag("more", false));
  }

  private static String room(Fields f) {
    return f.string("room_id");
  }

  private static String user(Fields f) {
    return f.string("user_id");
  }

  private static long pos(Fields f) {
    return f.number("pos");
  }

  private static long message(Fields f) {
    return f.number("message_id");
  }
}
