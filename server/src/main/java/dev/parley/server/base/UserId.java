package dev.parley.server.base;

import java.util.UUID;

/// Names a user: a UUID for an account, or `open:<family>:<name>` for somebody of the open realm,
/// who proved nothing. The two never collide, because a UUID has no colon.
public record UserId(String value) implements Comparable<UserId> {
  private static final String OPEN = "open:";
  private static final int MAX_LENGTH = 160;

  public UserId {
    if (value.isEmpty() || value.length() > MAX_LENGTH) {
      throw Refusal.badRequest("a user id has 1 to " + MAX_LENGTH + " characters");
    }
  }

  /// The id of an account.
  public static UserId account(UUID value) {
    return new UserId(value.toString());
  }

  /// The id of an account in its text form, which must be a UUID or a ULID.
  public static UserId account(String text) {
    return account(Ulid.parse(text).orElseGet(() -> Ids.uuid("user id", text)));
  }

  /// The id of a name in one family of the open realm.
  public static UserId open(String family, String name) {
    return new UserId(OPEN + family + ":" + name);
  }

  /// Whether this is a name of the open realm.
  public boolean isOpen() {
    return value.startsWith(OPEN);
  }

  /// The bare name of somebody of the open realm, or the id itself.
  public String openName() {
    return isOpen() ? value.substring(value.indexOf(':', OPEN.length()) + 1) : value;
  }

  @Override
  public int compareTo(UserId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
