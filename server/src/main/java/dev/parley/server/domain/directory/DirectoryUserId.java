package dev.parley.server.domain.directory;

import dev.parley.server.base.UserId;
import java.util.Optional;
import java.util.UUID;

/// Names a user of the directory. Where users are meant it becomes a name of the open realm, in a
/// family of its own, so that it can never be taken for an account.
public record DirectoryUserId(UUID value) {
  private static final String FAMILY = "directory";
  private static final String PREFIX = UserId.open(FAMILY, "").value();
  private static final int UUID_LENGTH = 36;

  /// The id of this text; empty if it is no UUID, and so nobody's.
  public static Optional<DirectoryUserId> find(String text) {
    try {
      return text.length() == UUID_LENGTH
          ? Optional.of(new DirectoryUserId(UUID.fromString(text)))
          : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /// The directory's user who goes by this id; empty for all others.
  public static Optional<DirectoryUserId> of(UserId user) {
    return user.value().startsWith(PREFIX)
        ? find(user.value().substring(PREFIX.length()))
        : Optional.empty();
  }

  /// The id under which this person has tasks and a log.
  public UserId asUser() {
    return UserId.open(FAMILY, value.toString());
  }

  @Override
  public String toString() {
    return value.toString();
  }
}
