package dev.parley.server.domain.notify;

import dev.parley.server.base.Limits;
import dev.parley.server.base.UserId;
import java.util.List;
import java.util.OptionalLong;

/// What one can do with one's notifications.
public final class Notifications {
  private final NotificationStore store;

  public Notifications(NotificationStore store) {
    this.store = store;
  }

  /// A page, newest first.
  public List<Notification> page(UserId user, OptionalLong before, int limit) {
    return store.page(user, before, Math.clamp(limit, 1, Limits.PAGE));
  }

  /// How far the user has seen them.
  public NotificationStore.Seen seen(UserId user) {
    return store.seen(user);
  }

  /// The user has seen all up to a place in their own log.
  public void see(UserId user, long pos) {
    store.see(user, pos);
  }
}
