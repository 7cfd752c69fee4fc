package dev.parley.server.base;

/// Something outside is away (the database, a disk, Redis). Temporary: the same request may succeed
/// later.
public final class OutageException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /// What is known about the request that met the outage.
  public enum Kind {
    /// Nothing was done.
    UNAVAILABLE,
    /// Nothing was done, because there is no space left.
    STORAGE_FULL,
    /// It may have been done: the answer was lost.
    UNKNOWN
  }

  private final Kind kind;

  public OutageException(Kind kind, String message, Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  /// What is known.
  public Kind kind() {
    return kind;
  }
}
