package dev.parley.server.gateway.websocket;

import dev.parley.protocol.CloseCode;

/// The peer broke a rule of the frame layer: close the connection with this code and reason.
///
/// Carries no stack trace: a peer must not be able to make us build one a million times.
public final class FrameException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final CloseCode code;

  /// A broken rule.
  ///
  /// @param code the close code to answer with
  /// @param reason what was wrong, ASCII, at most 123 bytes
  FrameException(CloseCode code, String reason) {
    super(reason, null, false, false);
    this.code = code;
  }

  static FrameException protocol(String reason) {
    return new FrameException(CloseCode.PROTOCOL, reason);
  }

  static FrameException badData(String reason) {
    return new FrameException(CloseCode.UTF8, reason);
  }

  static FrameException tooBig(String reason) {
    return new FrameException(CloseCode.TOO_BIG, reason);
  }

  static FrameException policy(String reason) {
    return new FrameException(CloseCode.POLICY, reason);
  }

  public CloseCode code() {
    return code;
  }

  public String reason() {
    return String.valueOf(getMessage());
  }
}
