package dev.parley.client;

import dev.parley.protocol.ServerEvent;

/// Sees what each single connection carries, before anything is deduplicated or reordered. Meant
/// for checkers; called by the client's thread.
@FunctionalInterface
public interface ConnectionTap {
  /// Sees nothing.
  ConnectionTap NONE = (connection, event) -> {};

  /// An event arrived.
  ///
  /// @param connection 1 for the client's first connection, and so on
  void saw(long connection, ServerEvent event);
}
