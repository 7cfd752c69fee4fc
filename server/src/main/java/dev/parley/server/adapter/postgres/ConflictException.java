package dev.parley.server.adapter.postgres;

/// Two transactions were in each other's way and this one gave in; the same work may succeed now.
final class ConflictException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ConflictException(Throwable cause) {
    super(cause);
  }
}
