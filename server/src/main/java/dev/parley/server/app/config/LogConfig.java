package dev.parley.server.app.config;

/// What is logged and how it looks.
public record LogConfig(Format format, Level level) {
  /// How a line looks.
  public enum Format {
    /// One JSON object a line, for machines.
    JSON,
    /// For people.
    PRETTY
  }

  /// The least important line that is written.
  public enum Level {
    ERROR,
    WARN,
    INFO,
    DEBUG,
    TRACE
  }
}
