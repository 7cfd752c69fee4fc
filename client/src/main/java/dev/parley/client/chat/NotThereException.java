package dev.parley.client.chat;

/// What was asked for does not exist.
final class NotThereException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  NotThereException(String message) {
    super(message);
  }
}
