package dev.parley.server.gateway;

import dev.parley.server.base.RoomId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The subscriptions of one connection: a short list for the many that hear a room or two, a map
/// for those that hear hundreds. Event loop only.
final class Subscriptions {
  private static final int FEW = 16;

  private final List<Subscription> few = new ArrayList<>(1);
  private @Nullable Map<RoomId, Subscription> many;

  Optional<Subscription> find(RoomId room) {
    if (many != null) {
      return Optional.ofNullable(many.get(room));
    }
    for (var subscription : few) {
      if (subscription.access().roomId().equals(room)) {
        return Optional.of(subscription);
      }
    }
    return Optional.empty();
  }

  /// Adds one of a room that has none.
  void add(Subscription subscription) {
    if (many == null && few.size() < FEW) {
      few.add(subscription);
      return;
    }
    if (many == null) {
      many = new HashMap<>();
      for (var one : few) {
        many.put(one.access().roomId(), one);
      }
      few.clear();
    }
    many.put(subscription.access().roomId(), subscription);
  }

  void remove(Subscription subscription) {
    if (many == null) {
      few.remove(subscription);
    } else {
      many.remove(subscription.access().roomId(), subscription);
    }
  }

  /// All of them, as they are now.
  List<Subscription> all() {
    return many == null ? List.copyOf(few) : List.copyOf(many.values());
  }
}
