package dev.parley.server.app.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/// Turns settings into typed values. Every method throws a [ConfigException] that names the key,
/// its value and what is allowed.
final class ConfigValues {
  private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");
  private static final Pattern SIZE = Pattern.compile("(\\d{1,9})(B|KiB|MiB|GiB)?");
  private static final Pattern RATE = Pattern.compile("(\\d{1,9})/([smh])(?::(\\d{1,9}))?");

  private final Settings settings;

  ConfigValues(Settings settings) {
    this.settings = settings;
  }

  /// What `parser` makes of the setting, if there is one.
  <T> Optional<T> value(ConfigKey key, Function<String, T> parser) {
    return settings.find(key).map(setting -> parsed(setting, parser));
  }

  /// What `parser` makes of this setting; its [IllegalArgumentException] becomes the one line for
  /// the operator.
  static <T> T parsed(Setting setting, Function<String, T> parser) {
    try {
      return parser.apply(setting.value());
    } catch (IllegalArgumentException e) {
      throw ConfigException.bad(setting, setting.key().allowed());
    }
  }

  Optional<String> text(ConfigKey key) {
    return value(key, Function.identity());
  }

  int integer(ConfigKey key, int standard, int min, int max) {
    return value(key, text -> (int) within(Integer.parseInt(text), min, max)).orElse(standard);
  }

  boolean flag(ConfigKey key, boolean standard) {
    return value(key, ConfigValues::flag).orElse(standard);
  }

  private static boolean flag(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "on", "true", "yes", "1" -> true;
      case "off", "false", "no", "0" -> false;
      default -> throw new IllegalArgumentException(text);
    };
  }

  <E extends Enum<E>> E choice(ConfigKey key, Class<E> type, E standard) {
    return value(key, text -> Enum.valueOf(type, text.toUpperCase(Locale.ROOT))).orElse(standard);
  }

  Duration duration(ConfigKey key, Duration standard, Duration min, Duration max) {
    return value(
            key,
            text -> {
              var duration = duration(text);
              within(duration.toMillis(), min.toMillis(), max.toMillis());
              return duration;
            })
        .orElse(standard);
  }

  private static Duration duration(String text) {
    var match = DURATION.matcher(text);
    if (!match.matches()) {
      throw new IllegalArgumentException(text);
    }
    long number = Long.parseLong(match.group(1));
    return switch (match.group(2)) {
      case "ms" -> Duration.ofMillis(number);
      case "s" -> Duration.ofSeconds(number);
      case "m" -> Duration.ofMinutes(number);
      case "h" -> Duration.ofHours(number);
      default -> Duration.ofDays(number);
    };
  }

  int bytes(ConfigKey key, int standard, int min, int max) {
    return value(key, text -> (int) within(bytes(text), min, max)).orElse(standard);
  }

  /// A size of at least one byte, or no bound.
  long size(ConfigKey key, long standard) {
    return value(
            key,
            text ->
                text.equalsIgnoreCase("off")
                    ? Long.MAX_VALUE / 2
                    : within(bytes(text), 1, Long.MAX_VALUE / 2))
        .orElse(standard);
  }

  private static long bytes(String text) {
    var match = SIZE.matcher(text);
    if (!match.matches()) {
      throw new IllegalArgumentException(text);
    }
    long number = Long.parseLong(match.group(1));
    return switch (Optional.ofNullable(match.group(2)).orElse("B")) {
      case "KiB" -> number << 10;
      case "MiB" -> number << 20;
      case "GiB" -> number << 30;
      default -> number;
    };
  }

  private static long within(long number, long min, long max) {
    if (number < min || number > max) {
      throw new IllegalArgumentException("out of range");
    }
    return number;
  }

  Optional<Rate> rate(ConfigKey key, Rate standard) {
    return value(key, ConfigValues::rate).orElse(Optional.of(standard));
  }

  private static Optional<Rate> rate(String text) {
    if (text.equalsIgnoreCase("off")) {
      return Optional.empty();
    }
    var match = RATE.matcher(text);
    if (!match.matches()) {
      throw new IllegalArgumentException(text);
    }
    long permits = Long.parseLong(match.group(1));
    long burst = Optional.ofNullable(match.group(3)).map(Long::parseLong).orElse(permits);
    return Optional.of(new Rate(permits, duration("1" + match.group(2)), burst));
  }

  /// A list separated by commas; empty when the key is not set.
  <T> List<T> list(ConfigKey key, Function<String, T> parser) {
    return value(
            key, text -> Arrays.stream(text.split(",", -1)).map(String::strip).map(parser).toList())
        .orElse(List.of());
  }

  /// An absolute path; a relative one starts from where the setting was found.
  Optional<Path> path(ConfigKey key) {
    return settings.find(key).map(ConfigValues::path);
  }

  static Path path(Setting setting) {
    try {
      return setting.folder().resolve(setting.value()).toAbsolutePath().normalize();
    } catch (InvalidPathException e) {
      throw ConfigException.bad(setting, setting.key().allowed());
    }
  }

  /// A file that can be read now.
  Optional<Path> file(ConfigKey key) {
    return settings
        .find(key)
        .map(
            setting -> {
              var path = path(setting);
              if (!Files.isRegularFile(path) || !Files.isReadable(path)) {
                throw ConfigException.bad(setting, setting.key().allowed());
              }
              return path;
            });
  }

  /// A text in PEM, given with real or escaped line ends, or the content of the file that is named.
  static String pem(Setting setting) {
    if (setting.value().startsWith("-----")) {
      return setting.value().replace("\\n", "\n");
    }
    try {
      return Files.readString(path(setting));
    } catch (IOException e) {
      throw ConfigException.bad(setting, setting.key().allowed());
    }
  }
}
