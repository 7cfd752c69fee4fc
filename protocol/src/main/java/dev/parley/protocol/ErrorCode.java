package dev.parley.protocol;

import java.util.Locale;

/// The catalogue of stable error codes, shared by frames, HTTP problems and the documentation.
///
/// `temporary` tells a client whether the same request may succeed later without being changed.
public enum ErrorCode {
  BAD_REQUEST(400, false, "The request is malformed; correct it before you send it again."),
  UNAUTHORIZED(401, false, "Sign in, or present a valid token."),
  EXPIRED(401, false, "The token has expired; refresh it."),
  FORBIDDEN(403, false, "You may see this object, but not do this to it."),
  NOT_FOUND(404, false, "There is no such object, or none that you may see."),
  CONFLICT(409, false, "The request contradicts the present state; read it again first."),
  IDEMPOTENCY_MISMATCH(409, false, "This op was used before with another body; use a new op."),
  TOO_LARGE(413, false, "The body exceeds the limit that is announced in welcome.limits."),
  RATE_LIMITED(429, true, "Too many requests; wait for retry_after_ms."),
  QUOTA(403, false, "A quota of the organization is used up."),
  BUSY(503, true, "The server sheds load; send the same op again after retry_after_ms."),
  STORAGE_FULL(507, true, "The database has no space left; reading still works."),
  UNAVAILABLE(503, true, "The database is away; send the same op again later."),
  INTERNAL(500, true, "A defect of the server; quote the request id when you report it.");

  private final int httpStatus;
  private final boolean temporary;
  private final String advice;

  ErrorCode(int httpStatus, boolean temporary, String advice) {
    this.httpStatus = httpStatus;
    this.temporary = temporary;
    this.advice = advice;
  }

  /// The name on the wire, in lower case, such as `rate_limited`.
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// The status of an HTTP answer with this code.
  public int httpStatus() {
    return httpStatus;
  }

  /// Whether the unchanged request may succeed later.
  public boolean temporary() {
    return temporary;
  }

  /// One sentence that tells a developer what to do.
  public String advice() {
    return advice;
  }

  /// The code of a wire name; an unknown name reads as [#INTERNAL], so that old clients survive new
  /// codes.
  public static ErrorCode ofWireName(String name) {
    for (var code : values()) {
      if (code.wireName().equals(name)) {
        return code;
      }
    }
    return INTERNAL;
  }
}
