package dev.parley.server.domain.identity;

import dev.parley.server.base.Limits;
import dev.parley.server.base.Names;
import dev.parley.server.base.Refusal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/// Which new passwords are good enough (OWASP ASVS 5, section 6.2): length counts, composition does
/// not, and what everybody uses is refused.
final class PasswordPolicy {
  private static final int MIN = 8;
  private static final String COMMON = "common-passwords.txt";

  private final Set<String> common = readCommon();

  /// @throws dev.parley.server.base.RefusedException bad_request, saying what is allowed
  void check(Password password, Username username) {
    var text = Names.storable("password", password.value());
    int length = text.codePointCount(0, text.length());
    if (length < MIN || length > Limits.PASSWORD) {
      throw Refusal.badRequest(
          "password must have " + MIN + " to " + Limits.PASSWORD + " characters");
    }
    if (isCommon(text)) {
      throw Refusal.badRequest("password is one of those that everybody tries first");
    }
    if (Username.key(text).equals(username.key())) {
      throw Refusal.badRequest("password must not be the username");
    }
  }

  /// Only what must hold for every password.
  static void checkForm(Password password) {
    var text = Names.storable("password", password.value());
    if (text.isEmpty() || text.codePointCount(0, text.length()) > Limits.PASSWORD) {
      throw Refusal.badRequest("password must have 1 to " + Limits.PASSWORD + " characters");
    }
  }

  /// Whether it is a common password, or one with some digits and marks behind it, or hardly
  /// varied.
  private boolean isCommon(String text) {
    var lower = text.toLowerCase(Locale.ROOT);
    return common.contains(lower) || common.contains(stem(lower)) || isMonotonous(lower);
  }

  private static String stem(String lower) {
    int end = lower.length();
    while (end > 0 && !Character.isLetter(lower.charAt(end - 1))) {
      end--;
    }
    // A stem is judged only if little was added: "sunshine" + "2024!".
    return lower.length() - end <= 5 ? lower.substring(0, end) : lower;
  }

  /// One or two different characters, or each one step from its neighbour: aaaaaaaa, 12345678.
  private static boolean isMonotonous(String lower) {
    if (lower.chars().distinct().count() <= 2) {
      return true;
    }
    int step = lower.charAt(1) - lower.charAt(0);
    for (int i = 2; i < lower.length(); i++) {
      if (lower.charAt(i) - lower.charAt(i - 1) != step) {
        return false;
      }
    }
    return Math.abs(step) == 1;
  }

  private static Set<String> readCommon() {
    try (var in = PasswordPolicy.class.getResourceAsStream(COMMON)) {
      if (in == null) {
        throw new IllegalStateException(COMMON + " is missing from the jar");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .collect(Collectors.toUnmodifiableSet());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
