package dev.parley.server.domain.identity;

import dev.parley.server.base.Refusal;
import java.util.regex.Pattern;

/// An address of e-mail, as far as it can be judged without sending one. Never shown to others,
/// never logged.
public record Email(String value) {
  // RFC 5321, section 4.5.3.1: 64 bytes before the @, 254 in all.
  private static final Pattern SHAPE =
      Pattern.compile("[^\\s@\\p{Cntrl}]{1,64}@[^\\s@\\p{Cntrl}]{1,189}");

  /// @throws dev.parley.server.base.RefusedException bad_request
  public Email {
    value = value.strip();
    if (!SHAPE.matcher(value).matches()) {
      throw Refusal.badRequest("email must be an address such as ann@example.org");
    }
  }

  /// What must be unique: case does not matter.
  public String key() {
    return Username.key(value);
  }

  @Override
  public String toString() {
    return "[email]";
  }
}
