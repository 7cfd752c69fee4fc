package dev.parley.server.app.config;

import java.util.regex.Pattern;

/// Hides the password inside a database or Redis address, even one that cannot be parsed.
final class Passwords {
  /// `user:password@` of a URL, up to the last `@` before the path.
  private static final Pattern USER_INFO = Pattern.compile("(?<=//)([^/?#@:]*):?[^/?#]*@");

  /// A URL whose password holds `/`, `?` or `#`: everything up to the last `@` goes.
  private static final Pattern ODD_USER_INFO = Pattern.compile("(?<=//)[^@]*:.*@");

  private static final Pattern ASSIGNED =
      Pattern.compile("(?i)(password\\s*=\\s*)('(?:[^'\\\\]|\\\\.)*'?|(?:[^\\s&\\\\]|\\\\.)*)");

  private Passwords() {}

  static String hidden(String address) {
    var text = USER_INFO.matcher(address).replaceAll("$1:" + Secret.HIDDEN + "@");
    if (!text.contains(":" + Secret.HIDDEN + "@")) {
      text = ODD_USER_INFO.matcher(text).replaceAll(Secret.HIDDEN + "@");
    }
    return ASSIGNED.matcher(text).replaceAll("$1" + Secret.HIDDEN);
  }
}
