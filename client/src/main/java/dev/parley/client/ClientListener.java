package dev.parley.client;

import dev.parley.client.rest.Tokens;
import dev.parley.protocol.Cursor;
import dev.parley.protocol.ServerEvent;
import org.jspecify.annotations.Nullable;

/// Hears what happens. All methods are called by the client's one thread, in order; while one runs
/// the client does nothing else. An exception from here closes the client.
public interface ClientListener {
  /// The connection changed its state.
  default void onState(ClientState state) {}

  /// The rooms that changed since the last connection; all of them the first time.
  default void onInbox(ServerEvent.Inbox inbox) {}

  /// A durable event of a room: each once, in the order of `pos`; without a hole for opened rooms.
  ///
  /// @param place what to open the room with later to go on after this event; null if the room's
  ///   epoch is not known yet
  default void onEvent(ServerEvent.InRoom event, @Nullable Cursor place) {}

  /// A fact of the user's own log.
  default void onMine(ServerEvent.Mine event) {}

  /// Somebody types or has stopped; may be missing.
  default void onTyping(ServerEvent.Typing event) {}

  /// Somebody has read; may be missing.
  default void onRead(ServerEvent.Read event) {}

  /// Somebody of an opened room came online or went offline; may be missing.
  default void onPresence(ServerEvent.Presence event) {}

  /// What is known of a room is void; it is not open any more. Read it anew, unless the reason is
  /// `access`.
  default void onReset(ServerEvent.Reset reset) {}

  /// A draft that an earlier run of the program had kept is in the log.
  default void onRestored(Sent sent) {}

  /// A draft that an earlier run of the program had kept was refused.
  default void onRestoredRefused(Draft draft, CommandRefusedException why) {}

  /// The server complains about the connection as a whole.
  default void onError(ServerEvent.Failure failure) {}

  /// There are new tokens: keep the refresh token, the old one is worthless.
  default void onTokens(Tokens tokens) {}

  /// The client is closed; the last call.
  ///
  /// @param why null if the program closed it
  default void onClosed(@Nullable Throwable why) {}
}
