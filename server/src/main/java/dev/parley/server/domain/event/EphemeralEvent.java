package dev.parley.server.domain.event;

import dev.parley.server.base.DeviceId;
import dev.parley.server.base.RoomId;
import dev.parley.server.base.UserId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// A fact that is not kept: it may be dropped or merged on its way.
public sealed interface EphemeralEvent {
  /// Somebody is typing in a room, or has stopped.
  record Typing(RoomId room, UserId user, boolean active) implements EphemeralEvent {}

  /// A member has read up to a message. The state itself is kept with the membership.
  record Read(RoomId room, UserId user, long messageId, long seq) implements EphemeralEvent {}

  /// An account came online or went offline.
  ///
  /// @param at when
  /// @param rooms the user's rooms, whose members may know of it
  record PresenceChanged(UserId user, boolean online, Instant at, List<RoomId> rooms)
      implements EphemeralEvent {
    public PresenceChanged {
      rooms = List.copyOf(rooms);
    }
  }

  /// A user's device (or all of them) was signed out; its sockets close within a second. Losing
  /// this event is repaired by the check that every session makes when its token is renewed.
  record SignedOut(UserId user, Optional<DeviceId> device, Optional<DeviceId> except)
      implements EphemeralEvent {}
}
