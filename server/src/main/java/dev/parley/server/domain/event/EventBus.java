package dev.parley.server.domain.event;

import dev.parley.server.base.RoomId;
import dev.parley.server.base.UserId;
import java.util.List;

/// Tells all nodes what was committed.
///
/// A hint, never the truth: room events may arrive late, twice, out of order or not at all;
/// receivers restore the order by `pos` and read holes from the [RoomEvent] log. Publishing never
/// blocks for long and never fails the caller: what was committed stays committed.
public interface EventBus {
  /// Tells of committed events of one room, ascending by `pos` and none missing between them.
  void publish(RoomId room, List<RoomEvent> events);

  /// Tells of a committed event in a user's own log.
  void publish(UserEvent event);

  /// Tells of something that is not kept.
  void publish(EphemeralEvent event);

  /// Hears everything from now on; called once per listener, at start-up.
  void subscribe(Listener listener);

  /// The receiving side; called by one thread or several at a time, must not block.
  interface Listener {
    /// Committed events of one room, ascending by `pos` and none missing between them.
    void onRoomEvents(RoomId room, List<RoomEvent> events);

    /// A room's log reaches at least to this position: whoever has less reads the log.
    default void onRoomHead(RoomId room, long pos) {}

    /// A committed event in a user's own log.
    void onUserEvent(UserEvent event);

    /// A user's own log reaches at least to this position: whoever has less reads the log.
    default void onUserHead(UserId user, long pos) {}

    /// Something that is not kept.
    void onEphemeral(EphemeralEvent event);
  }
}
