package dev.parley.server.base;

/// Parley cannot start, and the operator can do something about it. The message says what is wrong
/// and what to do; it is printed as it stands, without a stack trace.
public final class StartupException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public StartupException(String message) {
    super(message);
  }

  public StartupException(String message, Throwable cause) {
    super(message, cause);
  }
}
