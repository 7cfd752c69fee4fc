package dev.parley.server.app;

import dev.parley.server.app.config.ConfigKey;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/// The flags that set configuration keys: one for each key that is no secret.
final class ConfigOptions {
  private static final Set<ConfigKey> IN_HELP =
      EnumSet.of(
          ConfigKey.PARLEY_PROFILE,
          ConfigKey.PARLEY_ROLE,
          ConfigKey.PARLEY_DATA,
          ConfigKey.PARLEY_CONFIG,
          ConfigKey.HOST,
          ConfigKey.PORT,
          ConfigKey.API_PORT,
          ConfigKey.DATABASE_URL,
          ConfigKey.REDIS_URL,
          ConfigKey.LOG_FORMAT,
          ConfigKey.LOG_LEVEL);

  private ConfigOptions() {}

  /// Adds the flags to `spec`; the help shows those that people use.
  static CommandSpec addTo(CommandSpec spec) {
    for (var key : ConfigKey.values()) {
      key.flag().ifPresent(flag -> spec.addOption(option(key, flag)));
    }
    return spec;
  }

  private static OptionSpec option(ConfigKey key, String flag) {
    return OptionSpec.builder(flag)
        .type(String.class)
        .paramLabel("<value>")
        .hidden(!IN_HELP.contains(key))
        .description(
            key.purpose()
                + ": "
                + key.allowed().replace("%", "%%")
                + ". Default: "
                + key.standard())
        .build();
  }

  /// The flags that stand on this command line.
  static Map<ConfigKey, String> of(ParseResult line) {
    var flags = new EnumMap<ConfigKey, String>(ConfigKey.class);
    Arrays.stream(ConfigKey.values())
        .filter(key -> key.flag().filter(line::hasMatchedOption).isPresent())
        .forEach(key -> flags.put(key, line.matchedOptionValue(key.flag().orElseThrow(), "")));
    return flags;
  }
}
