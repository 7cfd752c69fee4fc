package dev.parley.client;

import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.ServerEvent;
import java.time.Duration;
import java.util.Optional;

/// The server answered a command with an error: it had no effect and never will have.
///
/// An error that may pass, in answer to a command whose first answer was lost with its connection,
/// is no such answer: the client keeps the command and sends it again until there is one.
public final class CommandRefusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ErrorCode code;
  private final long retryAfterMs;

  CommandRefusedException(ServerEvent.Failure failure) {
    super(failure.code().wireName() + ": " + failure.message());
    this.code = failure.code();
    this.retryAfterMs = failure.retryAfterMs() == null ? -1 : failure.retryAfterMs();
  }

  /// The stable code. If it is temporary, the same command may be sent again.
  public ErrorCode code() {
    return code;
  }

  /// How long the server wants us to wait before the next try.
  public Optional<Duration> retryAfter() {
    return retryAfterMs < 0 ? Optional.empty() : Optional.of(Duration.ofMillis(retryAfterMs));
  }
}
