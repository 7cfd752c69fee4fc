package dev.parley.server.domain.message;

import dev.parley.server.base.OrgId;
import dev.parley.server.base.RoomId;
import dev.parley.server.base.UserId;
import dev.parley.server.domain.event.Committed;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Keeps what becomes of messages after they were posted. One method is one transaction, in which
/// the change and its event are committed together and the actor's membership is read once more.
public interface MessageStore {
  /// One message as it stands now.
  Optional<Message> find(OrgId org, RoomId room, long messageId);

  /// A page of messages as they stand now, which ends early behind the message that brings it to so
  /// many bytes of content.
  List<Message> page(OrgId org, RoomId room, Page page, long bytes);

  /// Pinned messages, newest pin first, at most `limit`.
  List<Message> pinned(OrgId org, RoomId room, int limit);

  /// Whether a room has or had this message.
  boolean exists(OrgId org, RoomId room, long messageId);

  /// What a message has said, oldest first, at most `limit`; nothing if it was deleted.
  List<Version> versions(OrgId org, RoomId room, long messageId, int limit);

  /// Replaces the content of a message of the actor's own.
  Committed edit(OrgId org, RoomId room, UserId actor, long messageId, String content);

  /// Removes the content of a message everywhere, also from its past. `any` lets the actor delete
  /// messages of others.
  Committed delete(OrgId org, RoomId room, UserId actor, long messageId, boolean any);

  /// Adds or takes back a reaction; nothing happens if that is how it stands.
  Committed react(OrgId org, RoomId room, UserId actor, long messageId, String emoji, boolean add);

  /// Pins or unpins a message; nothing happens if that is how it stands.
  Committed pin(OrgId org, RoomId room, UserId actor, long messageId, boolean add);

  /// The members of a room among these user names, for mentions.
  List<UserId> membersNamed(OrgId org, RoomId room, List<String> nameKeys);

  /// One content of a message, from when it was written until the next.
  record Version(String content, Instant writtenAt) {}

  /// Which messages: those before or after a message id or a `seq` (exclusive), those of some time,
  /// those under another message, or the newest. The order is always that of the log, which is that
  /// of arrival.
  sealed interface Page {
    /// At most so many.
    int limit();

    /// The newest, newest first.
    record Newest(int limit) implements Page {}

    /// Those before a message, newest first.
    record Before(long messageId, int limit) implements Page {}

    /// Those after a message, oldest first.
    record After(long messageId, int limit) implements Page {}

    /// Those before the message with this `seq`, newest first.
    record BeforeSeq(long seq, int limit) implements Page {}

    /// Those after the message with this `seq`, oldest first.
    record AfterSeq(long seq, int limit) implements Page {}

    /// The replies under a message that come after another one, oldest first.
    record Replies(long threadId, long after, int limit) implements Page {}

    /// Those posted from one moment (inclusive) to another (exclusive), oldest first.
    record Within(Instant from, Instant until, int limit) implements Page {}
  }
}
