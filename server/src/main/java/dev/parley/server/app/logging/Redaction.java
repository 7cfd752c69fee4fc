package dev.parley.server.app.logging;

import java.util.regex.Pattern;

/// The last line of defence against secrets in log lines: code must not log them in the first
/// place.
///
/// Hides the values of words such as `token` and `password` (in URLs, JSON, headers and prose),
/// bearer credentials, everything that looks like a JWT, passwords in URLs and private keys.
final class Redaction {
  private static final String HIDDEN = "***";

  private static final Pattern NAMED =
      Pattern.compile(
          "(?i)((?:token|ticket|password|passwd|pwd|secret|api[_-]?key|authorization|cookie)[\"']?(?:\\s{0,4}[=:]\\s{0,4}|%3D))"
              + "(?:\"(?:[^\"\\\\]++|\\\\.){0,512}+\"?|'[^']{0,8192}+'?|(?:(?:bearer|basic)\\s+)?[^\\s&\"',;)}\\]]++)");

  private static final Pattern BEARER =
      Pattern.compile("(?i)\\b(bearer|basic)([ .,]\\s?)[A-Za-z0-9._~+/=-]{8,}+");

  private static final Pattern JWT =
      Pattern.compile("eyJ[A-Za-z0-9_-]{4,}+(?:\\.[A-Za-z0-9_-]*+){0,4}");

  private static final Pattern URL_PASSWORD =
      Pattern.compile("(://[^/\\s:@]{0,256}+:)[^/\\s@]{1,1024}+@");

  private static final Pattern PRIVATE_KEY =
      Pattern.compile(
          "-----BEGIN [A-Z ]{0,32}PRIVATE KEY-----[^-]{0,16384}+(?:-----END [A-Z ]{0,32}PRIVATE KEY-----)?");

  private Redaction() {}

  /// `text` without what looks secret.
  static String redact(String text) {
    var line = NAMED.matcher(text).replaceAll("$1" + HIDDEN);
    line = BEARER.matcher(line).replaceAll("$1$2" + HIDDEN);
    line = JWT.matcher(line).replaceAll(HIDDEN);
    line = URL_PASSWORD.matcher(line).replaceAll("$1" + HIDDEN + "@");
    return PRIVATE_KEY.matcher(line).replaceAll(HIDDEN);
  }
}
