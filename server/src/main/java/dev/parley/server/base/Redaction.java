package dev.parley.server.base;

import java.util.regex.Pattern;

/// Keeps secrets out of logs.
public final class Redaction {
  private static final Pattern SECRET =
      Pattern.compile("(?i)(^|&)(token|access_token|refresh_token|ticket|password|secret)=[^&]*");

  private Redaction() {}

  /// A query string whose secret parameters have lost their values.
  public static String query(String query) {
    return SECRET.matcher(query).replaceAll("$1$2=redacted");
  }
}
