package dev.parley.server.domain.identity;

import dev.parley.server.domain.access.Principal;
import java.time.Instant;
import java.util.Optional;

/// Keeps tickets until they are used or have ended. One method is one transaction.
public interface TicketStore {
  /// Keeps a ticket, and forgets those that had ended before `now`.
  void keep(byte[] hash, Principal.Account holder, Instant expiresAt, Instant now);

  /// Takes a ticket out, so that nobody takes it again on any node; empty if there is none, it has
  /// ended, or its device was signed out meanwhile.
  Optional<Principal.Account> take(byte[] hash, Instant now);
}
