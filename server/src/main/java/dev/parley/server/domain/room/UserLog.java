package dev.parley.server.domain.room;

import dev.parley.server.base.UserId;
import dev.parley.server.domain.event.UserEvent;
import java.util.List;

/// Each user's own log (`me`): what concerns all devices of one user and nobody else.
public interface UserLog {
  /// Where a user's log stands; a log that was never written stands at 0. Blocks.
  Head head(UserId user);

  /// The events after a position, ascending and without a hole, at most `limit`. Blocks.
  List<UserEvent> read(UserId user, long after, int limit);

  /// Where a log stands.
  record Head(String epoch, long pos) {}
}
