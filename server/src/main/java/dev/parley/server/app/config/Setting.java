package dev.parley.server.app.config;

import java.nio.file.Path;

/// One value that somebody chose.
///
/// @param name the spelling used: the key's own name or one of its aliases
/// @param origin where it was found, in words
/// @param folder what a relative path in it starts from
record Setting(ConfigKey key, String name, String value, String origin, Path folder) {
  /// The value as it may be printed.
  String shown() {
    return key.shown(value);
  }

  @Override
  public String toString() {
    return "%s=%s (%s)".formatted(name, shown(), origin);
  }
}
