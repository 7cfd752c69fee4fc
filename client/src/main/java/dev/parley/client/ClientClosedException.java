package dev.parley.client;

import org.jspecify.annotations.Nullable;

/// The client was closed, or gave up: the outcome of what was unanswered is unknown.
public final class ClientClosedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ClientClosedException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
