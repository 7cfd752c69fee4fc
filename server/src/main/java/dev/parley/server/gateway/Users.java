package dev.parley.server.gateway;

import dev.parley.server.base.DeviceId;
import dev.parley.server.base.UserId;
import dev.parley.server.domain.access.Principal;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The connections of each user on this node. Thread-safe.
final class Users {
  private final ConcurrentHashMap<UserId, Here> users = new ConcurrentHashMap<>();

  /// One user's connections, how far the user's own log was told to them, and how many reductions
  /// of the user's access.
  private record Here(List<Connection> connections, long told, long reduced) {
    Here with(Connection connection) {
      return new Here(
          Stream.concat(connections.stream(), Stream.of(connection)).toList(), told, reduced);
    }

    @Nullable Here without(Connection gone) {
      var rest = connections.stream().filter(connection -> connection != gone).toList();
      return rest.isEmpty() ? null : new Here(rest, told, reduced);
    }

    Here upTo(long pos) {
      return new Here(connections, Math.max(told, pos), reduced);
    }

    Here reduced(long times) {
      return new Here(connections, told, Math.max(reduced, times));
    }
  }

  void add(UserId user, Connection connection) {
    users.compute(
        user, (id, here) -> (here == null ? new Here(List.of(), 0, 0) : here).with(connection));
  }

  void remove(UserId user, Connection connection) {
    users.computeIfPresent(user, (id, here) -> here.without(connection));
  }

  List<Connection> of(UserId user) {
    var here = users.get(user);
    return here == null ? List.of() : here.connections();
  }

  /// The connections of a user whose own log reaches to a position, if they were not told yet.
  List<Connection> toTell(UserId user, long pos) {
    var here = users.get(user);
    if (here == null || here.told() >= pos) {
      return List.of();
    }
    users.computeIfPresent(user, (id, there) -> there.upTo(pos));
    return here.connections();
  }

  /// The connections of a user whose access was reduced so often, if they were not told yet.
  List<Connection> reduced(UserId user, long times) {
    var here = users.get(user);
    if (here == null || here.reduced() >= times) {
      return List.of();
    }
    users.computeIfPresent(user, (id, there) -> there.reduced(times));
    return here.connections();
  }

  /// Everybody who is connected.
  Set<UserId> all() {
    return Set.copyOf(users.keySet());
  }

  /// The devices of all accounts that are connected.
  Set<DeviceId> devices() {
    return users.values().stream()
        .flatMap(here -> here.connections().stream())
        .flatMap(connection -> connection.principal().stream())
        .filter(Principal.Account.class::isInstance)
        .map(who -> ((Principal.Account) who).deviceId())
        .collect(Collectors.toUnmodifiableSet());
  }

  int size() {
    return users.size();
  }
}
