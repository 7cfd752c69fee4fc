package dev.parley.server.domain.notify;

import dev.parley.server.base.UserId;
import java.util.List;
import java.util.OptionalLong;

/// Reads notifications out of users' own logs, and keeps how far each has seen them.
public interface NotificationStore {
  /// Notifications, newest first, those before a place in the log only, at most `limit`.
  List<Notification> page(UserId user, OptionalLong before, int limit);

  /// How far the user has seen them.
  Seen seen(UserId user);

  /// Moves that forward, never backward and never beyond the log.
  void see(UserId user, long pos);

  /// How far a user has seen their notifications.
  ///
  /// @param pos the place in the log up to which all are seen; 0 for none
  /// @param unread how many come after it, counted up to [dev.parley.server.base.Limits#PAGE]
  record Seen(long pos, int unread) {}
}
