package dev.parley.server.domain.presence;

import dev.parley.server.base.UserId;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;

/// Keeps when accounts were last online, for good. One method is one transaction.
public interface LastSeenStore {
  /// Moves what is kept forward to this moment, never back.
  void note(Collection<UserId> users, Instant at);

  /// When these users were last online; without those who never were.
  Map<UserId, Instant> of(Collection<UserId> users);
}
