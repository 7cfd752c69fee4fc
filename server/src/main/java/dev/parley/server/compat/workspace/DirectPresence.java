package dev.parley.server.compat.workspace;

import dev.parley.server.base.UserId;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;

/// Which clients have a socket for direct messages on this node, and how many. Holds no more than
/// the node holds sockets. Safe for many threads.
public final class DirectPresence {
  private final ConcurrentHashMap<UserId, Integer> sockets = new ConcurrentHashMap<>();

  void enter(UserId user) {
    sockets.merge(user, 1, Integer::sum);
  }

  void leave(UserId user) {
    sockets.computeIfPresent(user, (key, count) -> count == 1 ? null : count - 1);
  }

  boolean has(UserId user) {
    return sockets.containsKey(user);
  }

  /// The names, in their order.
  List<String> names() {
    return sockets.keySet().stream().sorted().map(UserId::openName).toList();
  }
}
