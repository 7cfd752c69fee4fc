package dev.parley.server.domain.event;

import dev.parley.server.base.DeviceId;
import dev.parley.server.base.OrgId;
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

  /// Something that one kind of clients tells the others of a room and that is not kept.
  ///
  /// @param username the user's name for show
  /// @param kind such as `typing`
  /// @param payload JSON
  /// @param to the only one to hear it; empty for all
  /// @param echo whether the user hears it too
  record Signal(
      RoomId room,
      UserId user,
      String username,
      String kind,
      String payload,
      Optional<UserId> to,
      boolean echo)
      implements EphemeralEvent {
    /// Whether somebody is to hear it.
    public boolean isFor(UserId other) {
      return to.map(other::equals).orElse(echo || !other.equals(user));
    }
  }

  /// Messages of a direct room have reached one of its members. What has reached whom is kept.
  ///
  /// @param first the first of their positions
  /// @param last the last one
  record Received(RoomId room, UserId user, long first, long last) implements EphemeralEvent {}

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

  /// A user may see less of an organization than before, in rooms without being a member too: there
  /// is no event in those rooms' logs that ends what the user hears of them. Losing this one is
  /// repaired within about a second: the database counts them for each user.
  record AccessReduced(OrgId org, UserId user) implements EphemeralEvent {}

  /// A user's device (or all of them) was signed out; its sockets close within a second. Losing
  /// this event is repaired by the check that every session makes when its token is renewed.
  record SignedOut(UserId user, Optional<DeviceId> device, Optional<DeviceId> except)
      implements EphemeralEvent {}
}
