package dev.parley.client.rest;

import dev.parley.protocol.ErrorCode;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The server answered with an RFC 9457 problem.
public final class ProblemException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final ErrorCode code;
  private final @Nullable Duration retryAfter;

  ProblemException(int status, ErrorCode code, String detail, @Nullable Duration retryAfter) {
    super(code.wireName() + " (" + status + "): " + detail);
    this.status = status;
    this.code = code;
    this.retryAfter = retryAfter;
  }

  /// The HTTP status.
  public int status() {
    return status;
  }

  /// The stable code.
  public ErrorCode code() {
    return code;
  }

  /// How long the server wants us to wait before the next try.
  public Optional<Duration> retryAfter() {
    return Optional.ofNullable(retryAfter);
  }
}
