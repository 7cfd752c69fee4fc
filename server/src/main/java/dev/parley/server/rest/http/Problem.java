package dev.parley.server.rest.http;

import dev.parley.protocol.ErrorCode;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// An error as RFC 9457 tells it, with the stable code of the catalogue.
///
/// @param type a name for the kind of error
/// @param title the same for all errors of the kind
/// @param detail what went wrong this time
/// @param temporary whether the unchanged request may succeed later
public record Problem(
    String type,
    String title,
    int status,
    String detail,
    String code,
    String requestId,
    boolean temporary,
    @Nullable Long retryAfterMs) {
  /// The media type of RFC 9457.
  public static final String MEDIA_TYPE = "application/problem+json";

  /// A problem of a code, under the code's own status.
  public static Problem of(
      ErrorCode code, String detail, String requestId, @Nullable Long retryAfterMs) {
    return of(code, code.httpStatus(), detail, requestId, retryAfterMs);
  }

  /// A problem of a code under a status that HTTP wants (405, 415).
  public static Problem of(
      ErrorCode code, int status, String detail, String requestId, @Nullable Long retryAfterMs) {
    return new Problem(
        "urn:parley:error:" + code.wireName(),
        code.advice(),
        status,
        detail,
        code.wireName(),
        requestId,
        code.temporary(),
        retryAfterMs);
  }

  /// The native answer.
  public Answer answer() {
    return new Answer(status, Map.of("Content-Type", MEDIA_TYPE), new Answer.Body.Value(this));
  }

  /// Whole seconds for Retry-After, rounded up; null if the client need not wait.
  public @Nullable String retryAfterSeconds() {
    return retryAfterMs == null ? null : Long.toString(Math.ceilDiv(retryAfterMs, 1000));
  }
}
