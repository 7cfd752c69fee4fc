package dev.parley.server.gateway;

import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.ServerEvent.Failure;
import dev.parley.server.base.OutageException;
import dev.parley.server.base.Refusal;
import org.jspecify.annotations.Nullable;

/// Refusals and outages as `error` frames.
final class Failures {
  private static final long BUSY_RETRY_MS = 1_000;
  private static final long OUTAGE_RETRY_MS = 2_000;

  private Failures() {}

  static Failure of(long id, Refusal refusal) {
    return switch (refusal) {
      case Refusal.BadRequest r -> plain(id, ErrorCode.BAD_REQUEST, r, null);
      case Refusal.Unauthorized r -> plain(id, ErrorCode.UNAUTHORIZED, r, null);
      case Refusal.Expired r -> plain(id, ErrorCode.EXPIRED, r, null);
      case Refusal.Forbidden r -> plain(id, ErrorCode.FORBIDDEN, r, null);
      case Refusal.NotFound r -> plain(id, ErrorCode.NOT_FOUND, r, null);
      case Refusal.Conflict r -> plain(id, ErrorCode.CONFLICT, r, null);
      case Refusal.IdempotencyMismatch r -> plain(id, ErrorCode.IDEMPOTENCY_MISMATCH, r, null);
      case Refusal.TooLarge r -> plain(id, ErrorCode.TOO_LARGE, r, null);
      case Refusal.RateLimited r ->
          plain(id, ErrorCode.RATE_LIMITED, r, Math.max(1, r.retryAfter().toMillis()));
      case Refusal.Quota r -> plain(id, ErrorCode.QUOTA, r, null);
      case Refusal.Busy r -> plain(id, ErrorCode.BUSY, r, BUSY_RETRY_MS);
      case Refusal.Unavailable r ->
          plain(
              id,
              r.storageFull() ? ErrorCode.STORAGE_FULL : ErrorCode.UNAVAILABLE,
              r,
              OUTAGE_RETRY_MS);
    };
  }

  static Failure of(long id, OutageException outage) {
    boolean full = outage.kind() == OutageException.Kind.STORAGE_FULL;
    return new Failure(
        id,
        full ? ErrorCode.STORAGE_FULL : ErrorCode.UNAVAILABLE,
        full ? "there is no space left" : "the database is away",
        OUTAGE_RETRY_MS);
  }

  private static Failure plain(
      long id, ErrorCode code, Refusal refusal, @Nullable Long retryAfterMs) {
    return new Failure(id, code, refusal.message(), retryAfterMs);
  }
}
