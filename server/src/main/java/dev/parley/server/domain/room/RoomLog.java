package dev.parley.server.domain.room;

import dev.parley.server.base.OrgId;
import dev.parley.server.base.Refusal;
import dev.parley.server.base.RoomId;
import dev.parley.server.base.UserId;
import dev.parley.server.domain.event.RoomEvent;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

/// The log that orders everything in a room, and the only way to post a message.
///
/// Promises: an outcome of [Outcome.Posted] is given only after the commit is durable (C1); `pos`
/// and `seq` have no holes, and drafts of one room are posted in the order of the `append` calls
/// (C3); one (room, sender, op) is posted at most once for ever (C2).
public interface RoomLog {
  /// Takes a draft into the room's queue and returns at once; the listener is called exactly once,
  /// from another thread, and must not block. A full queue is answered `busy`, a known outage
  /// `unavailable`, both at once.
  void append(Draft draft, AppendListener listener);

  /// The events after a position, ascending and without a hole, at most `limit` (and at most
  /// [dev.parley.server.base.Limits#PAGE]). Blocks.
  List<RoomEvent> read(OrgId org, RoomId room, long after, int limit);

  /// The message that a sender posted with an op, whatever has become of the sender's membership
  /// since; empty if there is none. Blocks.
  Optional<RoomEvent.MessagePosted> find(RoomId room, UserId sender, UUID op);

  /// Where the room's log stands. Blocks.
  Head head(OrgId org, RoomId room);

  /// Where a room's log stands.
  ///
  /// @param epoch names this history of the log; a cursor of another one is worthless
  record Head(String epoch, long pos, long seq) {}

  /// A message to be posted.
  ///
  /// @param op the sender's idempotency key, unique per room and sender
  /// @param labels what the sender's dialect attached
  /// @param memberOnly whether the sender must be a member at the moment of the commit; false only
  ///   for announcements that the server makes in somebody's name
  /// @param mentions the members to be counted as mentioned
  record Draft(
      OrgId org,
      RoomId room,
      UserId sender,
      UUID op,
      String content,
      OptionalLong threadId,
      List<String> attachments,
      Map<String, String> labels,
      boolean memberOnly,
      List<UserId> mentions) {
    /// A message without labels.
    public Draft(
        OrgId org,
        RoomId room,
        UserId sender,
        UUID op,
        String content,
        OptionalLong threadId,
        List<String> attachments,
        boolean memberOnly,
        List<UserId> mentions) {
      this(org, room, sender, op, content, threadId, attachments, Map.of(), memberOnly, mentions);
    }
  }

  /// What became of a draft.
  sealed interface Outcome {
    /// It is in the log, once. `duplicate` if it was there before this call.
    record Posted(RoomEvent.MessagePosted event, boolean duplicate) implements Outcome {}

    /// It is not in the log and never will be by this call.
    record Refused(Refusal refusal) implements Outcome {}

    /// Nobody knows, and the server is about to stop: the sender asks again with the same op.
    record Unknown() implements Outcome {}
  }

  /// Hears what became of a draft.
  @FunctionalInterface
  interface AppendListener {
    /// Called exactly once, never on an event loop; must not block.
    void settled(Outcome outcome);
  }
}
