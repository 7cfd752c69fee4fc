package dev.parley.server.domain.event;

import dev.parley.server.base.OrgId;
import dev.parley.server.base.RoomId;
import dev.parley.server.base.TaskId;
import dev.parley.server.base.UserId;
import java.time.Instant;

/// A durable fact in one user's own log (`me`), for all of the user's devices.
public sealed interface UserEvent {
  /// Whose log.
  UserId user();

  /// The place in that log: 1, 2, 3 … without holes.
  long pos();

  /// The user is a member of a room now.
  ///
  /// @param roomPos the event in the room with which the membership began
  record RoomJoined(UserId user, long pos, OrgId org, RoomId room, long roomPos)
      implements UserEvent {}

  /// The user is no member of a room any more.
  record RoomLeft(UserId user, long pos, OrgId org, RoomId room, RoomEvent.LeaveReason reason)
      implements UserEvent {}

  /// The user has read up to a message, on some device.
  record ReadMoved(UserId user, long pos, OrgId org, RoomId room, long messageId, long seq)
      implements UserEvent {}

  /// A task of the user is due; once per due date.
  ///
  /// @param title the one that the task had when it became due
  record TaskDue(UserId user, long pos, OrgId org, TaskId task, String title, Instant dueAt)
      implements UserEvent {}
}
