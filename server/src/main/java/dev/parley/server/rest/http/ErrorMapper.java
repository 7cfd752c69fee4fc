package dev.parley.server.rest.http;

import dev.parley.protocol.ErrorCode;
import dev.parley.server.base.Metric;
import dev.parley.server.base.OutageException;
import dev.parley.server.base.Refusal;
import dev.parley.server.base.RefusedException;
import dev.parley.server.base.Telemetry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Turns whatever was thrown into a problem: refusals and outages by their kind, anything else into
/// a logged defect that tells the client nothing but the request id.
public final class ErrorMapper {
  private static final Logger LOG = LoggerFactory.getLogger(ErrorMapper.class);
  private static final long BUSY_RETRY_MS = 1_000;
  private static final long OUTAGE_RETRY_MS = 2_000;

  private final Telemetry.Counter defects;

  public ErrorMapper(Telemetry telemetry) {
    this.defects = telemetry.counter(Metric.DEFECTS, "rest");
  }

  /// The problem of a throwable.
  public Problem map(Throwable thrown, String requestId) {
    return switch (thrown) {
      case RefusedException refused -> map(refused.refusal(), requestId);
      case OutageException outage -> map(outage, requestId);
      case HttpException http ->
          Problem.of(http.code(), http.status(), http.detail(), requestId, null);
      default -> defect(thrown, requestId);
    };
  }

  /// The problem of a refusal.
  public Problem map(Refusal refusal, String requestId) {
    return switch (refusal) {
      case Refusal.BadRequest r -> plain(ErrorCode.BAD_REQUEST, r, requestId);
      case Refusal.Unauthorized r -> plain(ErrorCode.UNAUTHORIZED, r, requestId);
      case Refusal.Expired r -> plain(ErrorCode.EXPIRED, r, requestId);
      case Refusal.Forbidden r -> plain(ErrorCode.FORBIDDEN, r, requestId);
      case Refusal.NotFound r -> plain(ErrorCode.NOT_FOUND, r, requestId);
      case Refusal.Conflict r -> plain(ErrorCode.CONFLICT, r, requestId);
      case Refusal.IdempotencyMismatch r -> plain(ErrorCode.IDEMPOTENCY_MISMATCH, r, requestId);
      case Refusal.TooLarge r -> plain(ErrorCode.TOO_LARGE, r, requestId);
      case Refusal.Quota r -> plain(ErrorCode.QUOTA, r, requestId);
      case Refusal.RateLimited r ->
          Problem.of(
              ErrorCode.RATE_LIMITED,
              r.message(),
              requestId,
              Math.max(1, r.retryAfter().toMillis()));
      case Refusal.Busy r -> Problem.of(ErrorCode.BUSY, r.message(), requestId, BUSY_RETRY_MS);
      case Refusal.Unavailable r ->
          Problem.of(outageCode(r.storageFull()), r.message(), requestId, OUTAGE_RETRY_MS);
    };
  }

  private static Problem map(OutageException outage, String requestId) {
    LOG.warn("outage: {}", outage.getMessage());
    return switch (outage.kind()) {
      case UNAVAILABLE ->
          Problem.of(
              ErrorCode.UNAVAILABLE,
              "the database is away; nothing was done",
              requestId,
              OUTAGE_RETRY_MS);
      case STORAGE_FULL ->
          Problem.of(
              ErrorCode.STORAGE_FULL,
              "there is no space left; nothing was done",
              requestId,
              OUTAGE_RETRY_MS);
      case UNKNOWN ->
          Problem.of(
              ErrorCode.UNAVAILABLE,
              "the answer of the database was lost; it may have been done",
              requestId,
              OUTAGE_RETRY_MS);
    };
  }

  private Problem defect(Throwable thrown, String requestId) {
    defects.increment();
    LOG.error("defect in request {}", requestId, thrown);
    return Problem.of(ErrorCode.INTERNAL, "something went wrong on our side", requestId, null);
  }

  private static ErrorCode outageCode(boolean storageFull) {
    return storageFull ? ErrorCode.STORAGE_FULL : ErrorCode.UNAVAILABLE;
  }

  private static Problem plain(ErrorCode code, Refusal refusal, String requestId) {
    return Problem.of(code, refusal.message(), requestId, null);
  }
}
