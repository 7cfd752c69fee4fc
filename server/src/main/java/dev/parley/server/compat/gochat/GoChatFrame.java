package dev.parley.server.compat.gochat;

import dev.parley.server.base.RefusedException;
import dev.parley.server.base.RoomId;
import dev.parley.server.base.UserId;
import dev.parley.server.domain.event.RoomEvent.MessageDeleted;
import dev.parley.server.domain.event.RoomEvent.MessageEdited;
import dev.parley.server.domain.event.RoomEvent.MessagePosted;
import dev.parley.server.domain.event.RoomEvent.Reacted;
import dev.parley.server.rest.http.Json;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What the server sends.
///
/// @param type `message`, `typing`, `read`, `join` or `leave`; others only to those who asked
/// @param content the text of a message; empty in all other frames
/// @param messageId the message that it is about; absent in frames about nobody's message
/// @param status whether somebody is `online`
/// @param isTyping whether somebody still is
record GoChatFrame(
    String type,
    UserId userId,
    @Nullable RoomId roomId,
    String content,
    Instant timestamp,
    @Nullable Long id,
    @Nullable Long messageId,
    @Nullable Long parentId,
    @Nullable String messageType,
    @Nullable String fileUrl,
    @Nullable String username,
    @Nullable String emoji,
    @Nullable String status,
    @Nullable Boolean isTyping) {
  private static final Json JSON = new Json();

  /// What a client sends. Who it is and when is ours to say.
  record Said(
      @Nullable String type,
      @Nullable String roomId,
      @Nullable String content,
      @Nullable Long messageId,
      @Nullable String messageType,
      @Nullable String fileUrl,
      @Nullable Long parentId) {
    /// What a frame says; empty if it is no JSON object with everything in the right places.
    static Optional<Said> read(String frame) {
      try {
        return Optional.of(JSON.read(frame.getBytes(StandardCharsets.UTF_8), Said.class, false));
      } catch (RefusedException e) {
        return Optional.empty();
      }
    }

    String kind() {
      return type == null ? "" : type;
    }

    /// The room that is named, if one is.
    Optional<String> room() {
      return Optional.ofNullable(roomId).filter(text -> !text.isEmpty());
    }
  }

  /// Why something was not done, for those who asked to be told.
  record Complaint(String type, String message) {
    static byte[] of(String message) {
      return JSON.write(new Complaint("error", message));
    }
  }

  /// A message; empty if its content was deleted.
  static Optional<GoChatFrame> of(MessagePosted message) {
    return message.content().map(text -> of(message, text));
  }

  private static GoChatFrame of(MessagePosted message, String text) {
    var content = GoChatContent.kept(text, message.attachments(), message.labels());
    var username = GoChatContent.username(message.labels());
    return new GoChatFrame(
        "message",
        message.actor(),
        message.room(),
        content.text(),
        message.stamp().at(),
        message.messageId(),
        message.messageId(),
        message.threadId().isPresent() ? message.threadId().getAsLong() : null,
        content.type(),
        content.fileUrl().isEmpty() ? null : content.fileUrl(),
        username.isEmpty() ? null : username,
        null,
        null,
        null);
  }

  /// Something that somebody does in a room.
  static GoChatFrame act(String type, UserId user, RoomId room, Instant at) {
    return about(type, user, room, "", at, null, null);
  }

  /// Somebody has read up to a message.
  static GoChatFrame read(UserId user, RoomId room, long messageId, Instant at) {
    return about("read", user, room, "", at, messageId, null);
  }

  /// Somebody types, or has stopped.
  static GoChatFrame typing(UserId user, RoomId room, boolean active, Instant at) {
    return new GoChatFrame(
        "typing", user, room, "", at, null, null, null, null, null, null, null, null, active);
  }

  /// Somebody came online or went.
  static GoChatFrame presence(UserId user, boolean online, Instant at) {
    var status = GoChatUser.status(online);
    return new GoChatFrame(
        "presence", user, null, "", at, null, null, null, null, null, null, null, status, null);
  }

  static GoChatFrame edited(MessageEdited event) {
    var content = event.content().orElse("");
    var at = event.stamp().at();
    return about(
        "message_edited", event.actor(), event.room(), content, at, event.messageId(), null);
  }

  static GoChatFrame deleted(MessageDeleted event) {
    var at = event.stamp().at();
    return about("message_deleted", event.actor(), event.room(), "", at, event.messageId(), null);
  }

  static GoChatFrame reacted(Reacted event) {
    var type = event.added() ? "reaction_added" : "reaction_removed";
    var at = event.stamp().at();
    return about(type, event.actor(), event.room(), "", at, event.messageId(), event.emoji());
  }

  private static GoChatFrame about(
      String type,
      UserId user,
      RoomId room,
      String content,
      Instant at,
      @Nullable Long messageId,
      @Nullable String emoji) {
    return new GoChatFrame(
        type, user, room, content, at, null, messageId, null, null, null, null, emoji, null, null);
  }

  /// The JSON text.
  byte[] bytes() {
    return JSON.write(this);
  }
}
