package dev.parley.server.rest.http;

import dev.parley.protocol.ErrorCode;

/// A refusal that only HTTP knows, under its own status: 405, 408, 415. No stack trace: it is no
/// defect.
final class HttpException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ErrorCode code;
  private final int status;

  HttpException(ErrorCode code, int status, String detail) {
    super(detail, null, false, false);
    this.code = code;
    this.status = status;
  }

  ErrorCode code() {
    return code;
  }

  int status() {
    return status;
  }

  String detail() {
    return String.valueOf(getMessage());
  }
}
