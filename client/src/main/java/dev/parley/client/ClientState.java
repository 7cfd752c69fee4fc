package dev.parley.client;

/// Where a client's connection stands.
public enum ClientState {
  /// Waits for the next attempt to connect.
  WAITING,
  /// Gets a new access token before it connects.
  REFRESHING,
  /// Opens the socket.
  CONNECTING,
  /// Has said hello and waits for the welcome.
  GREETING,
  /// Is welcome and receives what it has missed.
  CATCHING_UP,
  /// Has everything; what arrives is new.
  LIVE,
  /// Closed for good.
  CLOSED
}
