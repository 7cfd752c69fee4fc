package dev.parley.server.domain.search;

import dev.parley.server.base.OrgId;
import dev.parley.server.base.RoomId;
import dev.parley.server.base.UserId;
import dev.parley.server.domain.message.Message;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// Keeps the words of messages. The index follows the log of each room by its `pos`, which has no
/// holes and moves under the lock of the room: an entry may come late, but none is ever missed.
/// What is deleted leaves the index in the transaction that deletes it
/// ([MessageStore][dev.parley.server.domain.message.MessageStore]).
public interface SearchStore {
  /// Messages that fit, newest first, out of the rooms that the user may see at this moment.
  ///
  /// @param before only messages with a smaller id
  List<Message> find(
      OrgId org, UserId user, SearchQuery query, Scope scope, OptionalLong before, int limit);

  /// Where and whose; what is empty is no bound. A room or user is meant by the id and nothing
  /// else, whatever others are called.
  record Scope(Optional<RoomId> room, Optional<UserId> author) {
    /// Wherever the user may see.
    public static final Scope EVERYWHERE = new Scope(Optional.empty(), Optional.empty());
  }

  /// Rooms whose log is ahead of the index, or whose index was made by another version, at most
  /// `limit`; of more than that, others each time.
  List<Lag> behind(int version, int limit);

  /// Events of a room after a position, as the messages that they changed stand now. Messages that
  /// were deleted are not among them.
  Step read(Lag lag, int limit);

  /// Keeps entries and moves the room's mark, unless another node has moved it meanwhile.
  ///
  /// @return whether it was kept
  boolean write(Lag lag, int version, long pos, List<Entry> entries);

  /// Runs work on one node at a time: not at all if another node is at it.
  ///
  /// @return whether it ran
  boolean exclusively(Runnable work);

  /// A room that is to be indexed.
  ///
  /// @param pos how far it is
  /// @param last where its log stands
  record Lag(OrgId org, RoomId room, long pos, long last) {}

  /// What changed between two positions.
  ///
  /// @param pos the last position that was read
  record Step(long pos, List<Message> messages) {}

  /// The words of a message.
  ///
  /// @param link whether its content holds an address of the web
  record Entry(Message message, List<TextAnalyzer.Token> words, boolean link) {}
}
