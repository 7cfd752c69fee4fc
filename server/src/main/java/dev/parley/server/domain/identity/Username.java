package dev.parley.server.domain.identity;

import dev.parley.server.base.Refusal;
import java.text.Normalizer;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/// The public name of an account: 1 to 64 letters, digits and `.`, `_`, `-`, in NFKC, beginning and
/// ending with a letter or digit, of one script.
///
/// @param value as its owner writes it
public record Username(String value) {
  private static final int MAX = 64;

  /// Japanese and Korean mix these.
  private static final Set<Character.UnicodeScript> EAST_ASIAN =
      EnumSet.of(
          Character.UnicodeScript.HAN,
          Character.UnicodeScript.HIRAGANA,
          Character.UnicodeScript.KATAKANA,
          Character.UnicodeScript.HANGUL,
          Character.UnicodeScript.BOPOMOFO);

  /// @throws dev.parley.server.base.RefusedException bad_request, saying what is allowed
  public Username {
    value = Normalizer.normalize(value, Normalizer.Form.NFKC);
    int length = value.codePointCount(0, value.length());
    if (length == 0 || length > MAX) {
      throw Refusal.badRequest("username must have 1 to " + MAX + " characters");
    }
    if (!value.codePoints().allMatch(Username::allowed)) {
      throw Refusal.badRequest("username may hold letters, digits, '.', '_' and '-'");
    }
    if (!startsWell(value) || isJoint(value.codePointBefore(value.length()))) {
      throw Refusal.badRequest("username must begin and end with a letter or a digit");
    }
    if (mixesScripts(value)) {
      throw Refusal.badRequest("username must not mix letters of different alphabets");
    }
  }

  /// What must be unique: two names that differ only in case or in compatible forms of the same
  /// characters have the same key.
  public String key() {
    return key(value);
  }

  /// The key of any text, whether or not it is a username: NFKC and case folding. Java has no case
  /// folding; up and down again comes to the same for all letters that are allowed here.
  public static String key(String text) {
    var upper = Normalizer.normalize(text, Normalizer.Form.NFKC).toUpperCase(Locale.ROOT);
    // Lowering one character at a time keeps the final sigma from depending on its place.
    var folded = new StringBuilder(upper.length());
    upper.codePoints().map(Character::toLowerCase).forEach(folded::appendCodePoint);
    return Normalizer.normalize(folded, Normalizer.Form.NFKC);
  }

  private static boolean allowed(int c) {
    return Character.isLetterOrDigit(c) || isMark(c) || isJoint(c);
  }

  private static boolean startsWell(String value) {
    return Character.isLetterOrDigit(value.codePointAt(0));
  }

  private static boolean isMark(int c) {
    int type = Character.getType(c);
    return type == Character.NON_SPACING_MARK || type == Character.COMBINING_SPACING_MARK;
  }

  private static boolean isJoint(int c) {
    return c == '.' || c == '_' || c == '-';
  }

  private static boolean mixesScripts(String value) {
    var scripts = EnumSet.noneOf(Character.UnicodeScript.class);
    value.codePoints().mapToObj(Character.UnicodeScript::of).forEach(scripts::add);
    scripts.remove(Character.UnicodeScript.COMMON);
    scripts.remove(Character.UnicodeScript.INHERITED);
    return scripts.size() > 1 && !EAST_ASIAN.containsAll(scripts);
  }

  @Override
  public String toString() {
    return value;
  }
}
