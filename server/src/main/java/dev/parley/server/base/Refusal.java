package dev.parley.server.base;

import java.time.Duration;

/// An expected no. Each kind is one stable code on the wire; the text is fit for the client.
public sealed interface Refusal {
  /// What went wrong and what to do, in words for the client.
  String message();

  /// The request is malformed.
  record BadRequest(String message) implements Refusal {}

  /// Nobody has proved who is asking.
  record Unauthorized(String message) implements Refusal {}

  /// The token has expired.
  record Expired(String message) implements Refusal {}

  /// The object may be seen, but not used this way.
  record Forbidden(String message) implements Refusal {}

  /// There is no such object, or none that the asker may know of: the two look alike.
  record NotFound(String message) implements Refusal {}

  /// The request contradicts the present state.
  record Conflict(String message) implements Refusal {}

  /// The op was used before with another body.
  record IdempotencyMismatch(String message) implements Refusal {}

  /// The body exceeds a limit.
  record TooLarge(String message) implements Refusal {}

  /// Too many requests.
  record RateLimited(String message, Duration retryAfter) implements Refusal {}

  /// A quota is used up.
  record Quota(String message) implements Refusal {}

  /// A queue is full.
  record Busy(String message) implements Refusal {}

  /// The database is away or has no space; nothing was done.
  record Unavailable(String message, boolean storageFull) implements Refusal {}

  static RefusedException badRequest(String message) {
    return new RefusedException(new BadRequest(message));
  }

  static RefusedException unauthorized(String message) {
    return new RefusedException(new Unauthorized(message));
  }

  static RefusedException forbidden(String message) {
    return new RefusedException(new Forbidden(message));
  }

  static RefusedException notFound(String message) {
    return new RefusedException(new NotFound(message));
  }

  static RefusedException conflict(String message) {
    return new RefusedException(new Conflict(message));
  }

  static RefusedException tooLarge(String message) {
    return new RefusedException(new TooLarge(message));
  }

  static RefusedException rateLimited(Duration retryAfter) {
    return new RefusedException(new RateLimited("too many requests", retryAfter));
  }
}
