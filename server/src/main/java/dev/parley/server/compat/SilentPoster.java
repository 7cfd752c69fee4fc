package dev.parley.server.compat;

import dev.parley.protocol.CloseCode;
import dev.parley.server.base.OutageException;
import dev.parley.server.base.Refusal;
import dev.parley.server.base.RefusedException;
import dev.parley.server.domain.access.RoomAccess;
import dev.parley.server.domain.event.RoomEvent.MessagePosted;
import dev.parley.server.domain.message.Messages;
import dev.parley.server.domain.message.NewMessage;
import dev.parley.server.domain.room.RoomLog.Outcome;
import dev.parley.server.gateway.Connection;
import java.util.function.Consumer;

/// Posts what comes over one socket whose client knows no answers. A message that is not kept must
/// not be lost in silence, so it ends the connection; a malformed one is ignored.
public final class SilentPoster {
  private final Messages messages;
  private final Connection connection;

  public SilentPoster(Messages messages, Connection connection) {
    this.messages = messages;
    this.connection = connection;
  }

  /// What a client wants; may be refused at any point.
  @FunctionalInterface
  public interface Wish {
    void run();
  }

  /// Does what the client wants, and judges what comes of it.
  public void attempt(Wish wish) {
    try {
      wish.run();
    } catch (RefusedException e) {
      judge(e.refusal());
    } catch (OutageException e) {
      tryLater();
    }
  }

  /// Posts a message; returns before it is committed, but not before it is due: whoever writes too
  /// fast is read more slowly.
  public void post(RoomAccess access, NewMessage message) {
    post(access, message, posted -> {});
  }

  /// The same, and shows what was committed to somebody who must not block.
  public void post(RoomAccess access, NewMessage message, Consumer<MessagePosted> witness) {
    messages.sendInTurn(access, message, outcome -> settled(outcome, witness));
    // After it, because what is refused at once is never settled.
    connection.appendStarted();
  }

  private void settled(Outcome outcome, Consumer<MessagePosted> witness) {
    switch (outcome) {
      // The room hears of it; that is all these clients know.
      case Outcome.Posted(var event, var _) -> witness.accept(event);
      case Outcome.Refused(var refusal) -> judge(refusal);
      case Outcome.Unknown() -> tryLater();
    }
    connection.appendSettled();
  }

  private void judge(Refusal refusal) {
    switch (refusal) {
      case Refusal.BadRequest r -> {
        // As a malformed frame: ignored.
      }
      case Refusal.TooLarge r -> connection.close(CloseCode.TOO_BIG, r.message());
      case Refusal.RateLimited r -> connection.close(CloseCode.RATE, r.message());
      case Refusal.Unauthorized r -> connection.close(CloseCode.AUTH, r.message());
      case Refusal.Expired r -> connection.close(CloseCode.AUTH, r.message());
      case Refusal.Forbidden r -> connection.close(CloseCode.FORBIDDEN, r.message());
      case Refusal.NotFound r -> connection.close(CloseCode.FORBIDDEN, r.message());
      case Refusal.Quota r -> connection.close(CloseCode.FORBIDDEN, r.message());
      case Refusal.Conflict r -> connection.close(CloseCode.TRY_LATER, r.message());
      case Refusal.IdempotencyMismatch r -> connection.close(CloseCode.TRY_LATER, r.message());
      case Refusal.Busy r -> connection.close(CloseCode.TRY_LATER, r.message());
      case Refusal.Unavailable r -> connection.close(CloseCode.TRY_LATER, r.message());
    }
  }

  private void tryLater() {
    connection.close(CloseCode.TRY_LATER, "a message could not be kept; send it again later");
  }
}
