package dev.parley.server.base;

import java.util.Locale;
import java.util.UUID;
import java.util.regex.Pattern;

/// Names a user: for an account a UUID, or the name that a trusted issuer has for it, or
/// `open:<family>:<name>` for somebody of the open realm, who proved nothing. The two never
/// collide: no token is about an `open:` id.
public record UserId(String value) implements Comparable<UserId> {
  private static final String OPEN = "open:";
  private static final int MAX_LENGTH = 160;
  private static final Pattern UUID_TEXT =
      Pattern.compile("[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}");

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

  /// The id of an account in its text form: a UUID in any case, a ULID, or what a trusted issuer
  /// calls it.
  ///
  /// @throws RefusedException bad_request for somebody of the open realm
  public static UserId member(String text) {
    var ulid = Ulid.parse(text);
    if (ulid.isPresent()) {
      return account(ulid.get());
    }
    var user = new UserId(UUID_TEXT.matcher(text).matches() ? text.toLowerCase(Locale.ROOT) : text);
    if (user.isOpen()) {
      throw Refusal.badRequest("a user of the open realm is no account");
    }
    return user;
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
