package dev.parley.server.app.logging;

import ch.qos.logback.classic.Level;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.stream.Collectors;

/// For people: time of day, level, who, what, and the fields. Control characters of values are
/// shown, not obeyed.
final class PrettyFormat implements LineFormat {
  private static final String RESET = "\033[0m";
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss.SSS", Locale.ROOT);

  private final boolean colours;
  private final ZoneId zone;

  PrettyFormat(boolean colours, ZoneId zone) {
    this.colours = colours;
    this.zone = zone;
  }

  @Override
  public String line(Line line) {
    var fields =
        line.fields().entrySet().stream()
            .map(e -> " " + e.getKey() + "=" + e.getValue())
            .collect(Collectors.joining());
    return "%s %s %s: %s%n%s"
        .formatted(
            TIME.format(line.time().atZone(zone)),
            level(line.level()),
            shortName(line.logger()),
            visible(line.message() + fields),
            line.failure()
                .map(
                    trace ->
                        trace
                            .lines()
                            .map(PrettyFormat::visible)
                            .collect(Collectors.joining("\n  ", "  ", "\n")))
                .orElse(""));
  }

  private String level(Level level) {
    var name = "%-5s".formatted(level.levelStr);
    return colours ? colour(level) + name + RESET : name;
  }

  private static String colour(Level level) {
    return switch (level.toInt()) {
      case Level.ERROR_INT -> "\033[31m";
      case Level.WARN_INT -> "\033[33m";
      case Level.INFO_INT -> "\033[32m";
      default -> "\033[90m";
    };
  }

  private static String shortName(String logger) {
    return logger.substring(logger.lastIndexOf('.') + 1);
  }

  private static String visible(String text) {
    if (text.chars().noneMatch(c -> Character.isISOControl(c) && c != '\t')) {
      return text;
    }
    return text.codePoints()
        .mapToObj(
            c ->
                Character.isISOControl(c) && c != '\t'
                    ? "\\u%04x".formatted(c)
                    : Character.toString(c))
        .collect(Collectors.joining());
  }
}
