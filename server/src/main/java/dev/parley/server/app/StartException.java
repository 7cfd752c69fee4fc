package dev.parley.server.app;

/// The process cannot do what it was started for. The message is one line that says why and what to
/// do.
final class StartException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  StartException(String message) {
    super(message, null, false, false);
  }
}
