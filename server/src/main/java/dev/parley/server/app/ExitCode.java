package dev.parley.server.app;

/// What the exit code of `parley` says.
final class ExitCode {
  /// Done; also after Ctrl-C and SIGTERM.
  static final int OK = 0;

  /// Failed: the message says why.
  static final int FAILED = 1;

  /// Asked wrongly: an unknown option, or a setting that cannot be used.
  static final int USAGE = 2;

  private ExitCode() {}
}
