package dev.parley.protocol;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What the server tells a client over a socket.
public sealed interface ServerEvent {

  /// A durable fact in a room's log.
  sealed interface InRoom extends ServerEvent {
    /// The room.
    String roomId();

    /// The place in the room's log.
    long pos();

    /// The user who did it.
    String userId();

    /// When it was committed; information only, order comes from `pos`.
    Instant timestamp();
  }

  /// A message was posted. Its content is null if it was deleted before this was sent.
  record Message(
      String roomId,
      long pos,
      long seq,
      long messageId,
      @Nullable UUID op,
      String userId,
      @Nullable String content,
      @Nullable Long threadId,
      List<String> attachments,
      Instant timestamp)
      implements InRoom {}

  /// A message has new content.
  record Edited(
      String roomId,
      long pos,
      String userId,
      long messageId,
      @Nullable String content,
      Instant timestamp)
      implements InRoom {}

  /// A message lost its content.
  record Deleted(String roomId, long pos, String userId, long messageId, Instant timestamp)
      implements InRoom {}

  /// A reaction was added or taken back.
  record Reacted(
      String roomId,
      long pos,
      String userId,
      long messageId,
      String emoji,
      boolean added,
      Instant timestamp)
      implements InRoom {}

  /// A message was pinned or unpinned.
  record Pinned(
      String roomId, long pos, String userId, long messageId, boolean added, Instant timestamp)
      implements InRoom {}

  /// A user became a member.
  record MemberJoined(
      String roomId, long pos, String userId, String memberId, String role, Instant timestamp)
      implements InRoom {}

  /// A user stopped being a member. `reason` is `left`, `removed` or `banned`.
  record MemberLeft(
      String roomId, long pos, String userId, String memberId, String reason, Instant timestamp)
      implements InRoom {}

  /// A member has another role.
  record MemberRole(
      String roomId, long pos, String userId, String memberId, String role, Instant timestamp)
      implements InRoom {}

  /// The room was created or its name, topic or archived flag changed.
  record RoomChanged(
      String roomId,
      long pos,
      String userId,
      String name,
      String topic,
      boolean archived,
      Instant timestamp)
      implements InRoom {}

  /// A fact of the user's own log, numbered by `me`.
  sealed interface Mine extends ServerEvent {
    /// The place in the user's own log.
    long me();
  }

  /// The user is a member of a room now.
  record RoomJoined(long me, String roomId) implements Mine {}

  /// The user is no member of a room any more.
  record RoomLeft(long me, String roomId, String reason) implements Mine {}

  /// The user has read up to here, on any device.
  record ReadMarker(long me, String roomId, long messageId, long seq) implements Mine {}

  /// A task of the user is due. The title is the one that it had then.
  record TaskDue(long me, String orgId, String taskId, String title, Instant dueDate)
      implements Mine {}

  /// Somebody is typing or has stopped. Not kept, may be dropped.
  record Typing(String roomId, String userId, boolean active) implements ServerEvent {}

  /// Another member has read up to here. Not kept; the state is in the member list.
  record Read(String roomId, String userId, long messageId, long seq) implements ServerEvent {}

  /// A member of an opened room came online or went offline. Not kept, may be dropped.
  record Presence(String userId, boolean online, Instant lastSeen) implements ServerEvent {}

  /// The session is open.
  record Welcome(
      long id,
      String sessionId,
      String userId,
      long heartbeatMs,
      @Nullable Instant expiresAt,
      Map<String, Long> limits,
      long retryMinMs,
      long retryMaxMs,
      Cursor me)
      implements ServerEvent {}

  /// One line of the inbox. `pos` is where live events of this room start after.
  record InboxRoom(
      String roomId,
      String orgId,
      String kind,
      String name,
      String epoch,
      long pos,
      long seq,
      long readSeq,
      long unread,
      long mentions) {}

  /// The rooms that changed since the `mark` of the hello, or all of them.
  record Inbox(List<InboxRoom> rooms, String mark, boolean truncated) implements ServerEvent {}

  /// The replay ends here: what follows is live.
  record Live(@Nullable Long me, Map<String, Long> rooms) implements ServerEvent {}

  /// A command succeeded; its effect is committed.
  record Ok(
      long id,
      @Nullable String roomId,
      @Nullable Long messageId,
      @Nullable Long seq,
      @Nullable Long pos,
      @Nullable Instant timestamp,
      @Nullable Instant expiresAt,
      boolean duplicate,
      boolean more)
      implements ServerEvent {
    /// The answer to a command that yields no numbers.
    public static Ok plain(long id) {
      return new Ok(id, null, null, null, null, null, null, false, false);
    }
  }

  /// This connection is too slow for the room: `pull` from your cursor to the head given here.
  record Behind(String roomId, long pos, long seq) implements ServerEvent {}

  /// Forget this room's events and read it anew. `reason` is `retention`, `restore` or `access`.
  record Reset(String roomId, String epoch, String reason) implements ServerEvent {}

  /// Answer with `pong`.
  record Ping() implements ServerEvent {}

  /// The token expires soon: send `auth`.
  record Expiring(long inMs) implements ServerEvent {}

  /// The node goes down: reconnect at a random time within this span.
  record Drain(long withinMs) implements ServerEvent {}

  /// A command failed, or (id 0) something about the connection.
  record Failure(long id, ErrorCode code, String message, @Nullable Long retryAfterMs)
      implements ServerEvent {}
}
