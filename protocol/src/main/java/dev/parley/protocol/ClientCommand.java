package dev.parley.protocol;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What a client asks of the server over a socket. `id` is chosen by the client and echoed in the
/// answer; 0 means that no answer is wanted.
public sealed interface ClientCommand {
  /// The client's number for this command, or 0.
  long id();

  /// A command about one room.
  sealed interface OnRoom extends ClientCommand {
    /// The room.
    String roomId();
  }

  /// Opens the session: who I am and what I already know.
  ///
  /// @param token the access token, unless the handshake carried one
  /// @param me the cursor in my own log, unless this is the first time
  /// @param mark what the last `inbox` said, so that only later changes are listed
  /// @param rooms cursors of the open rooms, to be replayed from there
  record Hello(
      long id,
      @Nullable String token,
      @Nullable String deviceId,
      @Nullable String client,
      @Nullable Cursor me,
      @Nullable String mark,
      Map<String, Cursor> rooms)
      implements ClientCommand {}

  /// Posts a message. `op` is made and stored by the client before it sends; a client that never
  /// sends again may leave it out.
  record Send(
      long id,
      String roomId,
      @Nullable UUID op,
      String content,
      @Nullable Long threadId,
      List<String> attachments)
      implements OnRoom {}

  /// Everything up to these positions has arrived (not: has been read).
  record Ack(long id, @Nullable Long me, Map<String, Long> rooms) implements ClientCommand {}

  /// Everything up to this message has been read.
  record Read(long id, String roomId, long messageId) implements OnRoom {}

  /// The user is typing, or has stopped.
  record Typing(long id, String roomId, boolean active) implements OnRoom {}

  /// Become a member of a public room, or open a room of mine.
  record Join(long id, String roomId) implements OnRoom {}

  /// Stop being a member.
  record Leave(long id, String roomId) implements OnRoom {}

  /// Replaces the content of an own message.
  record Edit(long id, String roomId, long messageId, String content) implements OnRoom {}

  /// Removes the content of a message.
  record Delete(long id, String roomId, long messageId) implements OnRoom {}

  /// Adds a reaction.
  record React(long id, String roomId, long messageId, String emoji) implements OnRoom {}

  /// Takes a reaction back.
  record Unreact(long id, String roomId, long messageId, String emoji) implements OnRoom {}

  /// Pins a message.
  record Pin(long id, String roomId, long messageId) implements OnRoom {}

  /// Unpins a message.
  record Unpin(long id, String roomId, long messageId) implements OnRoom {}

  /// Asks for the events after a position.
  record Pull(long id, String roomId, long after, int limit) implements OnRoom {}

  /// Answers a `ping`, optionally with an acknowledgement.
  record Pong(long id, @Nullable Ack ack) implements ClientCommand {}

  /// Replaces the token of this session before it expires.
  record Auth(long id, String token) implements ClientCommand {}
}
