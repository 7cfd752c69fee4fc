package dev.parley.server.domain.event;

import dev.parley.server.base.OrgId;
import dev.parley.server.base.RoomId;
import dev.parley.server.base.UserId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

/// A durable fact in a room's log. Immutable once committed (C3), but for the content of a deleted
/// message, which is gone for good.
public sealed interface RoomEvent {
  /// Where and when it stands in the log.
  Stamp stamp();

  /// Who did it.
  UserId actor();

  /// The place in the room's log: 1, 2, 3 … without holes.
  default long pos() {
    return stamp().pos();
  }

  /// The room.
  default RoomId room() {
    return stamp().room();
  }

  /// Where and when an event stands.
  record Stamp(OrgId org, RoomId room, long pos, Instant at) {}

  /// A message was posted; its content is empty if it was deleted since.
  ///
  /// @param seq the message's number in the room: 1, 2, 3 … without holes
  /// @param labels what the sender's dialect attached
  record MessagePosted(
      Stamp stamp,
      UserId actor,
      long seq,
      long messageId,
      UUID op,
      Optional<String> content,
      OptionalLong threadId,
      List<String> attachments,
      Map<String, String> labels)
      implements RoomEvent {}

  /// A message has new content; empty if the message was deleted since.
  record MessageEdited(Stamp stamp, UserId actor, long messageId, Optional<String> content)
      implements RoomEvent {}

  /// A message lost its content.
  record MessageDeleted(Stamp stamp, UserId actor, long messageId) implements RoomEvent {}

  /// A reaction was added or taken back.
  record Reacted(Stamp stamp, UserId actor, long messageId, String emoji, boolean added)
      implements RoomEvent {}

  /// A message was pinned or unpinned.
  record Pinned(Stamp stamp, UserId actor, long messageId, boolean added) implements RoomEvent {}

  /// A user became a member.
  record MemberJoined(Stamp stamp, UserId actor, UserId member, String role) implements RoomEvent {}

  /// A user stopped being a member; nothing after this reaches them (C7).
  record MemberLeft(Stamp stamp, UserId actor, UserId member, LeaveReason reason)
      implements RoomEvent {}

  /// A member has another role.
  record MemberRoleChanged(Stamp stamp, UserId actor, UserId member, String role)
      implements RoomEvent {}

  /// The room was created, or its name, topic or archived flag changed; the values are the new
  /// ones.
  record RoomChanged(Stamp stamp, UserId actor, String name, String topic, boolean archived)
      implements RoomEvent {}

  /// Why somebody is no member any more.
  enum LeaveReason {
    /// They went.
    LEFT,
    /// Somebody sent them away; they may come back.
    REMOVED,
    /// Somebody sent them away for good.
    BANNED
  }
}
