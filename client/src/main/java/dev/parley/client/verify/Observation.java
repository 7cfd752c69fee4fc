package dev.parley.client.verify;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// One thing that was seen from outside. A history is a list of these, in the order in which they
/// happened; `at` is in nanoseconds of one monotonic clock.
public sealed interface Observation {
  /// Who reads, and how its order is to be judged.
  enum Kind {
    /// The raw traffic of one connection.
    CONNECTION(0),
    /// What a client gave its listener, over all its connections.
    CLIENT(0),
    /// A fresh client that resumes from 0 when all is over.
    FINAL_RESUME(1),
    /// A fresh reader of the message history over HTTP when all is over; sees messages only.
    FINAL_REST(2);

    private final int finalBit;

    Kind(int finalBit) {
      this.finalBit = finalBit;
    }

    /// A bit of its own for each kind of final witness, 0 for the others.
    int finalBit() {
      return finalBit;
    }
  }

  /// A room exists, in an organization.
  record Room(String room, String org) implements Observation {}

  /// A stream begins.
  record Stream(String stream, Kind kind, String user, String org) implements Observation {}

  /// From here on the stream must get the room's events after `pos`, each once and in order.
  record Follow(String stream, String room, long pos) implements Observation {}

  /// The stream stops following, or asked for single pages itself: its order proves nothing any
  /// more.
  record Loosen(String stream, String room) implements Observation {}

  /// The stream was told that it has everything up to here.
  record CaughtUp(String stream, String room, long pos) implements Observation {}

  /// A message is about to be sent, for the first time or again.
  ///
  /// @param client whose sends keep their order
  record Invoked(long at, UUID op, String client, String room, long hash) implements Observation {}

  /// The server said `ok`.
  record Acked(long at, UUID op, long messageId, long seq, long pos) implements Observation {}

  /// The server said no.
  record Refused(long at, UUID op, String code) implements Observation {}

  /// The server said that it cannot for now; the client keeps the message and sends it again, which
  /// may be after later ones.
  record Postponed(UUID op) implements Observation {}

  /// An attempt was never answered.
  ///
  /// @param isStuck whether the server had time enough, being well
  record Unanswered(UUID op, boolean isStuck) implements Observation {}

  /// A stream got an event.
  ///
  /// @param seq 0 for anything but a message
  /// @param hash of the message's content, or of the whole event
  /// @param org named by the content's canary; null if there is none
  /// @param op named by the content; null if there is none
  record Seen(
      String stream,
      String room,
      long pos,
      long seq,
      long messageId,
      long hash,
      @Nullable String org,
      @Nullable UUID op)
      implements Observation {}

  /// The log says that a user's membership ended there, or began anew.
  record Membership(String room, long pos, String user, boolean isMember) implements Observation {}

  /// The database was killed, or accepts connections again.
  record Store(long at, boolean isUp) implements Observation {}

  /// The server began to answer that it cannot for now, or does so no more.
  record Outage(long at, boolean isOver) implements Observation {}

  /// A client waited in vain on a connection and gave it up.
  record GaveUp(long at, String stream, String why) implements Observation {}

  /// The client behind the stream had time enough, with everything well, to get all of the room.
  record Settled(String stream, String room) implements Observation {}
}
