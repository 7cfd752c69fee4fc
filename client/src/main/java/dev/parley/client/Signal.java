package dev.parley.client;

import dev.parley.client.rest.Tokens;
import dev.parley.protocol.ClientCommand;
import java.time.Duration;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/// What the client's thread reacts to. `wire` numbers the connections; news of an old one is void.
sealed interface Signal {
  /// The socket is open.
  record Opened(long wire) implements Signal {}

  /// A whole text frame arrived.
  record Received(long wire, String text) implements Signal {}

  /// The socket is gone, or could not be opened.
  ///
  /// @param closeCode from the close frame, or what the failure amounts to
  /// @param retryAfter what the server asked for, if it did
  record Lost(long wire, int closeCode, String reason, @Nullable Duration retryAfter)
      implements Signal {}

  /// There are new tokens.
  record Refreshed(Tokens tokens) implements Signal {}

  /// There are no new tokens.
  ///
  /// @param isFinal whether asking again is useless
  record NotRefreshed(Throwable cause, boolean isFinal) implements Signal {}

  /// The program wants something done and answered.
  record Submit(LongFunction<ClientCommand> command, Outbox.Answer answer) implements Signal {}

  /// The program says something that needs no answer and may get lost.
  record Hint(ClientCommand command) implements Signal {}

  /// The program wants a room's log without a hole.
  ///
  /// @param epoch null if the program does not know it
  /// @param after null for: from now on
  record Open(String roomId, @Nullable String epoch, @Nullable Long after) implements Signal {}

  /// The program wants no more of a room's log.
  record Shut(String roomId) implements Signal {}

  /// Cut the connection, as if the network had failed.
  record Cut() implements Signal {}

  /// Close for good.
  record Stop() implements Signal {}
}
