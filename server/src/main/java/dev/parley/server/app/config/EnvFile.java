package dev.parley.server.app.config;

import java.util.LinkedHashMap;
import java.util.Map;

/// Reads the text of a `.env` file as a shell would: `NAME=value` or `export NAME=value`, one a
/// line.
/// - `'single quotes'` keep everything, `"double quotes"` know `\n`, `\t`, `\"`, `\\` and `\$`;
///   both may span lines
/// - without quotes a value ends at the end of its line or at a `#` after a space; a `#` inside a
///   word belongs to it
/// - nothing is expanded: `$NAME` stays as it is
/// - of several lines with one name the last wins
final class EnvFile {
  private final String origin;
  private final String text;
  private final Map<String, String> values = new LinkedHashMap<>();
  private int at;

  private EnvFile(String origin, String text) {
    this.origin = origin;
    this.text = text;
  }

  /// @throws ConfigException naming `origin` and the line that cannot be read; never the value
  static Map<String, String> parse(String origin, String text) {
    var file = new EnvFile(origin, text.replace("\uFEFF", "").replace("\r\n", "\n"));
    file.lines();
    return Map.copyOf(file.values);
  }

  private void lines() {
    while (skipBlankAndComments()) {
      var name = name();
      values.put(name, value());
      endOfLine();
    }
  }

  private boolean skipBlankAndComments() {
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == '#') {
        at = lineEnd();
      } else if (Character.isWhitespace(c)) {
        at++;
      } else {
        return true;
      }
    }
    return false;
  }

  private String name() {
    var word = word();
    if (word.equals("export") && spaces() > 0) {
      word = word();
    }
    spaces();
    if (word.isEmpty() || at >= text.length() || text.charAt(at) != '=') {
      throw unreadable("NAME=value");
    }
    at++;
    spaces();
    return word;
  }

  private String word() {
    int start = at;
    while (at < text.length() && nameCharacter(text.charAt(at))) {
      at++;
    }
    return text.substring(start, at);
  }

  private static boolean nameCharacter(char c) {
    return c == '_' || c == '.' || c == '-' || (c < 128 && Character.isLetterOrDigit(c));
  }

  private int spaces() {
    int start = at;
    while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\t')) {
      at++;
    }
    return at - start;
  }

  private String value() {
    if (at >= text.length()) {
      return "";
    }
    return switch (text.charAt(at)) {
      case '\'' -> literal();
      case '"' -> escaped();
      default -> bare();
    };
  }

  private String literal() {
    int close = text.indexOf('\'', at + 1);
    if (close < 0) {
      throw unreadable("a closing '");
    }
    var value = text.substring(at + 1, close);
    at = close + 1;
    return value;
  }

  private String escaped() {
    var value = new StringBuilder();
    for (int i = at + 1; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"') {
        at = i + 1;
        return value.toString();
      }
      boolean escape = c == '\\' && i + 1 < text.length();
      value.append(escape ? unescaped(text.charAt(++i)) : Character.toString(c));
    }
    throw unreadable("a closing \"");
  }

  private static String unescaped(char c) {
    return switch (c) {
      case 'n' -> "\n";
      case 't' -> "\t";
      case 'r' -> "\r";
      case '"', '\\', '$', '`' -> Character.toString(c);
      default -> "\\" + c;
    };
  }

  private String bare() {
    int end = lineEnd();
    for (int i = at; i < end; i++) {
      if (text.charAt(i) == '#' && Character.isWhitespace(text.charAt(i - 1))) {
        end = i;
      }
    }
    var value = text.substring(at, end).strip();
    at = end;
    return value;
  }

  private void endOfLine() {
    spaces();
    if (at < text.length() && text.charAt(at) != '\n' && text.charAt(at) != '#') {
      throw unreadable("nothing after the closing quote");
    }
    at = lineEnd();
  }

  private int lineEnd() {
    int end = text.indexOf('\n', at);
    return end < 0 ? text.length() : end;
  }

  private ConfigException unreadable(String wanted) {
    long line =
        1 + text.substring(0, Math.min(at, text.length())).chars().filter(c -> c == '\n').count();
    return new ConfigException(
        "%s, line %d cannot be read: want %s".formatted(origin, line, wanted));
  }
}
