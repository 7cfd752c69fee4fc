package dev.parley.server.adapter.redis;

import dev.parley.server.base.RoomId;
import dev.parley.server.base.UserId;
import dev.parley.server.domain.event.EphemeralEvent;
import dev.parley.server.domain.event.RoomEvent;
import dev.parley.server.domain.event.UserEvent;

/// One thing that a node tells the others.
sealed interface BusItem {
  /// A committed event of a room.
  record InRoom(RoomEvent event) implements BusItem {}

  /// A room's log reaches to a position; said instead of an event that is too large.
  record RoomHead(RoomId room, long pos) implements BusItem {}

  /// A committed event in a user's own log.
  record ForUser(UserEvent event) implements BusItem {}

  /// A user's own log reaches to a position.
  record UserHead(UserId user, long pos) implements BusItem {}

  /// Something that is not kept.
  record Passing(EphemeralEvent event) implements BusItem {}

  /// What decides about its way: things of one room, or of one user, keep their order.
  default int route() {
    return switch (this) {
      case InRoom(var event) -> event.room().hashCode();
      case RoomHead(var room, var _) -> room.hashCode();
      case ForUser(var event) -> event.user().hashCode();
      case UserHead(var user, var _) -> user.hashCode();
      case Passing(var event) ->
          switch (event) {
            case EphemeralEvent.Typing typing -> typing.room().hashCode();
            case EphemeralEvent.Read read -> read.room().hashCode();
            case EphemeralEvent.Signal signal -> signal.room().hashCode();
            case EphemeralEvent.Received received -> received.room().hashCode();
            case EphemeralEvent.PresenceChanged changed -> changed.user().hashCode();
            case EphemeralEvent.AccessReduced reduced -> reduced.user().hashCode();
            case EphemeralEvent.SignedOut signedOut -> signedOut.user().hashCode();
          };
    };
  }

  /// About how many characters it has.
  default int weight() {
    return 200
        + switch (this) {
          case InRoom(RoomEvent.MessagePosted posted) ->
              posted.content().map(String::length).orElse(0);
          case InRoom(RoomEvent.MessageEdited edited) ->
              edited.content().map(String::length).orElse(0);
          case Passing(EphemeralEvent.Signal signal) -> signal.payload().length();
          case InRoom _, RoomHead _, ForUser _, UserHead _, Passing _ -> 0;
        };
  }
}
