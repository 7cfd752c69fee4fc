package dev.parley.server.domain.intake;

import dev.parley.server.base.OrgId;
import dev.parley.server.base.RoomId;
import dev.parley.server.base.UserId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;

/// Puts messages into rooms' logs that another program had taken, with the times and ids of there.
///
/// What holds for every message holds for these: one (room, sender, op) is posted at most once for
/// ever, `pos`, `seq` and ids ascend, and no message is older than the one in front of it. One that
/// would be gets that one's time; an id that would go back becomes a new one. The bus is not told:
/// running nodes find what is new when they next compare where rooms stand.
public interface HistoryStore {
  /// Sets the ids up to `last` aside for what is imported into an organization: no other message
  /// will get one of them.
  ///
  /// @param source names the database; another one than the first of this organization gets none
  Optional<Range> keep(OrgId org, UUID source, long last);

  /// Posts messages of one room in this order, at most [dev.parley.server.base.Limits#PAGE], in one
  /// transaction; empty if there is no such room.
  List<Placed> append(OrgId org, RoomId room, List<Entry> entries);

  /// Says of messages when they got the content that they have. Nothing happens to those of which
  /// something is said already; what they said before is not known.
  void edited(OrgId org, RoomId room, Map<Long, Instant> editedAt);

  /// Which of these messages are there, by their ops.
  Set<UUID> known(OrgId org, RoomId room, List<OldMessage> messages);

  /// Who has left a room or was removed from it, whether or not they came back.
  Set<UserId> left(OrgId org, RoomId room);

  /// Whether somebody has taken a reaction back.
  boolean tookBack(OrgId org, RoomId room, UserId user, long messageId, String emoji);

  /// Whether a room was ever archived.
  boolean wasArchived(OrgId org, RoomId room);

  /// Ids, both ends included.
  record Range(long first, long last) {
    /// Whether an id lies in it.
    public boolean has(long id) {
      return first <= id && id <= last;
    }
  }

  /// A message to be posted.
  ///
  /// @param threadId the message it answers
  /// @param keepId whether it may keep its own id
  /// @param at when it was taken, and never to come: no message of the room could be older than it
  record Entry(OldMessage old, OptionalLong threadId, boolean keepId, Instant at) {}

  /// Where a message lies in the log.
  ///
  /// @param fresh whether it was posted now
  /// @param same whether it says what it said when it was posted
  record Placed(boolean fresh, boolean same, long messageId, long seq, long pos, Instant at) {}
}
