package dev.parley.server.domain.event;

import dev.parley.server.base.DeviceId;
import dev.parley.server.base.RoomId;
import dev.parley.server.base.UserId;
import java.util.Optional;

/// A fact that is not kept: it may be dropped or merged on its way.
public sealed interface EphemeralEvent {
  /// Somebody is typing in a room, or has stopped.
  record Typing(RoomId room, UserId user, boolean active) implements EphemeralEvent {}

  /// A member has read up to a message. The state itself is kept with the membership.
  record Read(RoomId room, UserId user, long messageId, long seq) implements EphemeralEvent {}

  /// A user's device (or all of them) was signed out; its sockets close within a second. Losing
  /// this event is repaired by the check that every session makes when its token is renewed.
  record SignedOut(UserId user, Optional<DeviceId> device, Optional<DeviceId> except)
      implements EphemeralEvent {}
}
