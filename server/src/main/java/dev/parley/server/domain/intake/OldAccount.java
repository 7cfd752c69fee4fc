package dev.parley.server.domain.intake;

import dev.parley.server.base.UserId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Somebody with a password in another program.
///
/// @param usernames names to go by: the first that is allowed and free
/// @param displayName the name for show; the username if empty
/// @param passwordHash as it is kept there
public record OldAccount(
    UserId id,
    List<String> usernames,
    String displayName,
    Optional<String> email,
    Optional<String> passwordHash,
    Instant createdAt) {
  public OldAccount {
    usernames = List.copyOf(usernames);
  }
}
