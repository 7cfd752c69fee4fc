package dev.parley.server.base;

import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/// The 26 letters in which some clients write the 128 bits of a UUID: Crockford's base 32.
public final class Ulid {
  private static final String DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  private static final int LENGTH = 26;
  private static final Pattern FORM = Pattern.compile("[0-7][0-9A-HJKMNP-TV-Za-hjkmnp-tv-z]{25}");

  private Ulid() {}

  /// These bits in 26 letters.
  public static String of(UUID id) {
    var text = new char[LENGTH];
    long high = id.getMostSignificantBits();
    long low = id.getLeastSignificantBits();
    for (int i = LENGTH - 1; i >= 0; i--) {
      text[i] = DIGITS.charAt((int) (low & 31));
      low = (low >>> 5) | (high << 59);
      high >>>= 5;
    }
    return new String(text);
  }

  /// The bits of such a text; empty if it is none.
  public static Optional<UUID> parse(String text) {
    if (!FORM.matcher(text).matches()) {
      return Optional.empty();
    }
    long high = 0;
    long low = 0;
    for (char letter : text.toUpperCase(Locale.ROOT).toCharArray()) {
      high = (high << 5) | (low >>> 59);
      low = (low << 5) | DIGITS.indexOf(letter);
    }
    return Optional.of(new UUID(high, low));
  }
}
