package dev.parley.server.domain.file;

import dev.parley.server.base.Limits;
import dev.parley.server.base.Refusal;
import dev.parley.server.base.RefusedException;
import dev.parley.server.base.UserId;
import java.util.HashMap;
import java.util.Map;

/// Counts the uploads that run, of all and of each user. Guarded by this.
final class Uploads {
  private final Map<UserId, Integer> byUser = new HashMap<>();
  private int all;

  /// Takes a place, to be given back by closing it.
  ///
  /// @throws RefusedException busy
  synchronized Place enter(UserId user) {
    int own = byUser.getOrDefault(user, 0);
    if (all >= Limits.UPLOADS || own >= Limits.UPLOADS_PER_USER) {
      throw new RefusedException(new Refusal.Busy("too many uploads are under way"));
    }
    all++;
    byUser.put(user, own + 1);
    return () -> leave(user);
  }

  synchronized int running() {
    return all;
  }

  private synchronized void leave(UserId user) {
    all--;
    byUser.computeIfPresent(user, (_, own) -> own == 1 ? null : own - 1);
  }

  /// A place among the uploads that run.
  @FunctionalInterface
  interface Place extends AutoCloseable {
    @Override
    void close();
  }
}
