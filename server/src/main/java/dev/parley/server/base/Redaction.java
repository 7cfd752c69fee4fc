package dev.parley.server.base;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Keeps secrets out of logs.
public final class Redaction {
  private static final String HIDDEN = "***";

  private static final Set<String> PARAMETERS =
      Set.of("token", "access_token", "refresh_token", "ticket", "password", "secret", "code");

  /// The segment after this one is a secret.
  private static final String INVITES = "invites";

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

  /// A log line without what looks secret. The last line of defence: code must not log secrets in
  /// the first place.
  ///
  /// Hides the values of words such as `token` and `password` (in URLs, JSON, headers and prose),
  /// bearer credentials, everything that looks like a JWT, passwords in URLs and private keys.
  public static String line(String text) {
    var line = NAMED.matcher(text).replaceAll("$1" + HIDDEN);
    line = BEARER.matcher(line).replaceAll("$1$2" + HIDDEN);
    line = JWT.matcher(line).replaceAll(HIDDEN);
    line = URL_PASSWORD.matcher(line).replaceAll("$1" + HIDDEN + "@");
    return PRIVATE_KEY.matcher(line).replaceAll(HIDDEN);
  }

  /// The query of a URL whose secret parameters, however encoded, have lost their values.
  public static String query(String query) {
    return Arrays.stream(query.split("&", -1))
        .map(Redaction::parameter)
        .collect(Collectors.joining("&"));
  }

  /// The path of a URL without the code of an invitation.
  public static String path(String path) {
    var safe = new ArrayList<String>();
    boolean secret = false;
    for (var segment : path.split("/", -1)) {
      safe.add(secret && !segment.isEmpty() ? HIDDEN : segment);
      secret = decoded(segment).equals(INVITES) || (secret && segment.isEmpty());
    }
    return String.join("/", safe);
  }

  private static String parameter(String pair) {
    int equals = pair.indexOf('=');
    if (equals < 0) {
      return pair;
    }
    var name = decoded(pair.substring(0, equals));
    return PARAMETERS.contains(name) ? name + "=" + HIDDEN : pair;
  }

  /// In lower case; what is broken is left as it is, for no route understands it either.
  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8).toLowerCase(Locale.ROOT);
    } catch (IllegalArgumentException e) {
      return text;
    }
  }
}
