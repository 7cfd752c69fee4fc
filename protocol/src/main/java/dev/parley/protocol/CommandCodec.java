package dev.parley.protocol;

import dev.parley.protocol.ClientCommand.Ack;
import dev.parley.protocol.ClientCommand.Auth;
import dev.parley.protocol.ClientCommand.Delete;
import dev.parley.protocol.ClientCommand.Edit;
import dev.parley.protocol.ClientCommand.Hello;
import dev.parley.protocol.ClientCommand.Join;
import dev.parley.protocol.ClientCommand.Leave;
import dev.parley.protocol.ClientCommand.Pin;
import dev.parley.protocol.ClientCommand.Pong;
import dev.parley.protocol.ClientCommand.Pull;
import dev.parley.protocol.ClientCommand.React;
import dev.parley.protocol.ClientCommand.Read;
import dev.parley.protocol.ClientCommand.Send;
import dev.parley.protocol.ClientCommand.Typing;
import dev.parley.protocol.ClientCommand.Unpin;
import dev.parley.protocol.ClientCommand.Unreact;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/// Commands of `parley.v1` as JSON text.
public final class CommandCodec {
  private CommandCodec() {}

  /// Reads one command; empty if its type is unknown, which both sides ignore.
  ///
  /// @throws MalformedFrameException if the text is no object or a field is missing or wrong
  public static Optional<ClientCommand> decode(String text) {
    var fields = Json.read(text);
    return Optional.ofNullable(command(fields.string("type"), fields.id(), fields));
  }

  /// Writes one command as UTF-8.
  public static byte[] encode(ClientCommand command) {
    return Json.write(json -> write(json, command));
  }

  private static @Nullable ClientCommand command(String type, long id, Fields fields) {
    return switch (type) {
      case "message" -> send(id, fields);
      case "hello" -> hello(id, fields);
      case "ack" -> ack(id, fields);
      case "read" -> new Read(id, room(fields), message(fields));
      case "typing" -> new Typing(id, room(fields), fields.flag("active", true));
      case "join" -> new Join(id, room(fields));
      case "leave" -> new Leave(id, room(fields));
      case "edit" -> new Edit(id, room(fields), message(fields), fields.string("content"));
      case "delete" -> new Delete(id, room(fields), message(fields));
      case "react" -> new React(id, room(fields), message(fields), fields.string("emoji"));
      case "unreact" -> new Unreact(id, room(fields), message(fields), fields.string("emoji"));
      case "pin" -> new Pin(id, room(fields), message(fields));
      case "unpin" -> new Unpin(id, room(fields), message(fields));
      case "pull" -> pull(id, fields);
      case "pong" -> pong(id, fields);
      case "auth" -> new Auth(id, fields.string("token"));
      default -> null;
    };
  }

  private static Send send(long id, Fields fields) {
    return new Send(
        id,
        room(fields),
        fields.uuidOrNull("op"),
        fields.string("content"),
        fields.numberOrNull("thread_id"),
        fields.strings("attachments"));
  }

  private static Hello hello(long id, Fields fields) {
    var client = fields.objectOrNull("client");
    return new Hello(
        id,
        fields.stringOrNull("token"),
        fields.stringOrNull("device_id"),
        client == null ? null : client.stringOrNull("name"),
        fields.cursorOrNull("me"),
        fields.stringOrNull("mark"),
        fields.cursors("rooms"));
  }

  private static Ack ack(long id, Fields fields) {
    return new Ack(id, fields.numberOrNull("me"), fields.numbers("rooms"));
  }

  private static Pull pull(long id, Fields fields) {
    long limit = Math.clamp(fields.numberOr("limit", 200), 1, 500);
    return new Pull(id, room(fields), fields.number("after"), (int) limit);
  }

  private static Pong pong(long id, Fields fields) {
    var ack = fields.objectOrNull("ack");
    return new Pong(id, ack == null ? null : ack(0, ack));
  }

  private static String room(Fields fields) {
    return fields.string("room_id");
  }

  private static long message(Fields fields) {
    return fields.number("message_id");
  }

  private static void write(JsonGenerator json, ClientCommand command) {
    switch (command) {
      case Send send -> write(json, send);
      case Hello hello -> write(json, hello);
      case Ack ack -> {
        head(json, "ack", ack.id());
        writeAck(json, ack);
      }
      case Read read -> onMessage(json, "read", read.id(), read.roomId(), read.messageId());
      case Typing typing -> {
        onRoom(json, "typing", typing.id(), typing.roomId());
        json.writeBooleanProperty("active", typing.active());
      }
      case Join join -> onRoom(json, "join", join.id(), join.roomId());
      case Leave leave -> onRoom(json, "leave", leave.id(), leave.roomId());
      case Edit edit -> {
        onMessage(json, "edit", edit.id(), edit.roomId(), edit.messageId());
        json.writeStringProperty("content", edit.content());
      }
      case Delete delete ->
          onMessage(json, "delete", delete.id(), delete.roomId(), delete.messageId());
      case React react -> {
        onMessage(json, "react", react.id(), react.roomId(), react.messageId());
        json.writeStringProperty("emoji", react.emoji());
      }
      case Unreact unreact -> {
        onMessage(json, "unreact", unreact.id(), unreact.roomId(), unreact.messageId());
        json.writeStringProperty("emoji", unreact.emoji());
      }
      case Pin pin -> onMessage(json, "pin", pin.id(), pin.roomId(), pin.messageId());
      case Unpin unpin -> onMessage(json, "unpin", unpin.id(), unpin.roomId(), unpin.messageId());
      case Pull pull -> {
        onRoom(json, "pull", pull.id(), pull.roomId());
        json.writeNumberProperty("after", pull.after());
        json.writeNumberProperty("limit", pull.limit());
      }
      case Pong pong -> write(json, pong);
      case Auth auth -> {
        head(json, "auth", auth.id());
        json.writeStringProperty("token", auth.token());
      }
    }
  }

  private static void write(JsonGenerator json, Send send) {
    onRoom(json, "message", send.id(), send.roomId());
    JsonFields.uuid(json, "op", send.op());
    json.writeStringProperty("content", send.content());
    JsonFields.number(json, "thread_id", send.threadId());
    JsonFields.strings(json, "attachments", send.attachments());
  }

  private static void write(JsonGenerator json, Hello hello) {
    head(json, "hello", hello.id());
    JsonFields.string(json, "token", hello.token());
    JsonFields.string(json, "device_id", hello.deviceId());
    if (hello.client() != null) {
      json.writeObjectPropertyStart("client");
      json.writeStringProperty("name", hello.client());
      json.writeEndObject();
    }
    JsonFields.cursor(json, "me", hello.me());
    JsonFields.string(json, "mark", hello.mark());
    if (!hello.rooms().isEmpty()) {
      json.writeObjectPropertyStart("rooms");
      hello.rooms().forEach((room, cursor) -> JsonFields.cursor(json, room, cursor));
      json.writeEndObject();
    }
  }

  private static void write(JsonGenerator json, Pong pong) {
    head(json, "pong", pong.id());
    if (pong.ack() != null) {
      json.writeObjectPropertyStart("ack");
      writeAck(json, pong.ack());
      json.writeEndObject();
    }
  }

  private static void writeAck(JsonGenerator json, Ack ack) {
    JsonFields.number(json, "me", ack.me());
    JsonFields.numbers(json, "rooms", ack.rooms());
  }

  private static void head(JsonGenerator json, String type, long id) {
    json.writeStringProperty("type", type);
    if (id > 0) {
      json.writeNumberProperty("id", id);
    }
  }

  private static void onRoom(JsonGenerator json, String type, long id, String room) {
    head(json, type, id);
    json.writeStringProperty("room_id", room);
  }

  private static void onMessage(
      JsonGenerator json, String type, long id, String room, long messageId) {
    onRoom(json, type, id, room);
    json.writeNumberProperty("message_id", messageId);
  }
}
