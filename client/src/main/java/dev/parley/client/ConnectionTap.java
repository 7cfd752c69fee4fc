package dev.parley.client;

import dev.parley.protocol.ClientCommand;
import dev.parley.protocol.ServerEvent;

/// Sees what each single connection carries, before anything is deduplicated or reordered. Meant
/// for checkers; called by the client's thread. `connection` names one connection of one client and
/// rises from each to the next.
public interface ConnectionTap {
  /// Sees nothing.
  ConnectionTap NONE = new ConnectionTap() {};

  /// An event arrived.
  default void received(long connection, ServerEvent event) {}

  /// A command is about to be sent.
  default void sending(long connection, ClientCommand command) {}

  /// The client waited in vain, for an answer or for any sign of life, and gives the connection up.
  default void gaveUp(long connection, String why) {}
}
