package dev.parley.protocol;

/// The catalogue of WebSocket close codes that the server sends, with what a client should do.
///
/// 1000-1015 are RFC 6455's. 44xx: do not come back as you are. 45xx: come back with back-off.
/// 46xx: come back now.
public enum CloseCode {
  NORMAL(1000, Retry.NEVER),
  GOING_AWAY(1001, Retry.NOW),
  PROTOCOL(1002, Retry.NEVER),
  BINARY(1003, Retry.NEVER),
  UTF8(1007, Retry.NEVER),
  POLICY(1008, Retry.NEVER),
  TOO_BIG(1009, Retry.NEVER),
  BUG(1011, Retry.BACK_OFF),
  RESTART(1012, Retry.NOW),
  TRY_LATER(1013, Retry.BACK_OFF),
  BAD_FRAME(4400, Retry.NEVER),
  AUTH(4401, Retry.NEVER),
  FORBIDDEN(4403, Retry.NEVER),
  AUTH_TIMEOUT(4408, Retry.NEVER),
  REPLACED(4409, Retry.NEVER),
  RATE(4529, Retry.BACK_OFF),
  DRAIN(4600, Retry.NOW),
  NO_PONG(4601, Retry.NOW);

  /// What a client does after a close with this code.
  public enum Retry {
    /// Reconnecting unchanged is useless.
    NEVER,
    /// Reconnect with exponential back-off and full jitter.
    BACK_OFF,
    /// Reconnect at once, with a small jitter.
    NOW
  }

  private final int number;
  private final Retry retry;

  CloseCode(int number, Retry retry) {
    this.number = number;
    this.retry = retry;
  }

  /// The number in the close frame.
  public int number() {
    return number;
  }

  /// What the client should do.
  public Retry retry() {
    return retry;
  }

  /// What to do after a close with any number, known or not, including 1006 (no close frame at
  /// all).
  public static Retry retryAfter(int number) {
    for (var code : values()) {
      if (code.number == number) {
        return code.retry;
      }
    }
    if (number >= 4400 && number < 4500) {
      return Retry.NEVER;
    }
    return number >= 4600 && number < 4700 ? Retry.NOW : Retry.BACK_OFF;
  }
}
