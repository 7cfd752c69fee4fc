package dev.parley.server.app.config;

/// A setting that cannot be used. The message is one line that names the key, its value and what is
/// allowed.
public final class ConfigException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private static final int SHOWN = 80;

  public ConfigException(String message) {
    super(message, null, false, false);
  }

  /// `setting` holds something else than `allowed`.
  static ConfigException bad(Setting setting, String allowed) {
    return new ConfigException(
        "%s=%s (%s): allowed is %s"
            .formatted(setting.name(), oneLine(setting.shown()), setting.origin(), allowed));
  }

  /// `key` is not set and there is no start without it.
  static ConfigException missing(ConfigKey key, String why) {
    return new ConfigException("%s is not set: %s".formatted(key, why));
  }

  private static String oneLine(String value) {
    var shown = new StringBuilder();
    value
        .codePoints()
        .limit(SHOWN)
        .forEach(c -> shown.append(Character.isISOControl(c) ? "?" : Character.toString(c)));
    return value.codePointCount(0, value.length()) > SHOWN ? shown + "…" : shown.toString();
  }
}
