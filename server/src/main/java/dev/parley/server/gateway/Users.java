package dev.parley.server.gateway;

import dev.parley.server.base.UserId;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The connections of each user on this node. Thread-safe.
final class Users {
  private final ConcurrentHashMap<UserId, List<Connection>> users = new ConcurrentHashMap<>();

  void add(UserId user, Connection connection) {
    users.merge(user, List.of(connection), Users::concat);
  }

  void remove(UserId user, Connection connection) {
    users.computeIfPresent(user, (id, all) -> without(all, connection));
  }

  List<Connection> of(UserId user) {
    return users.getOrDefault(user, List.of());
  }

  int size() {
    return users.size();
  }

  private static List<Connection> concat(List<Connection> some, List<Connection> more) {
    return Stream.concat(some.stream(), more.stream()).toList();
  }

  private static @Nullable List<Connection> without(List<Connection> all, Connection gone) {
    var rest = all.stream().filter(connection -> connection != gone).toList();
    return rest.isEmpty() ? null : rest;
  }
}
