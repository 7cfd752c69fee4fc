package dev.parley.client;

import dev.parley.protocol.ClientCommand;

/// What the [Engine] asks of the world outside. Nothing here blocks; results come as signals.
interface Effects {
  /// Opens a socket; then `Opened`, or `Lost`.
  void connect(long wire);

  /// Sends on the open socket.
  void send(ClientCommand command);

  /// Tries whether the socket is still there; `Lost` if it is not.
  void probe();

  /// Ends the TCP connection without a word. No signal follows.
  void cut();

  /// Says goodbye and ends the connection. No signal follows.
  void close();

  /// Buys new tokens; then `Refreshed` or `NotRefreshed`.
  void refresh(String refreshToken);
}
