package dev.parley.server.gateway;

import dev.parley.server.base.OrgId;
import dev.parley.server.base.RoomId;
import dev.parley.server.base.UserId;
import dev.parley.server.domain.event.EphemeralEvent;
import dev.parley.server.domain.event.EphemeralEvent.Received;
import dev.parley.server.domain.room.RoomLog;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The rooms that somebody on this node hears. Thread-safe; the map's lock on a key comes before
/// the topic's own.
final class Topics {
  private final ConcurrentHashMap<RoomId, Topic> topics = new ConcurrentHashMap<>();
  private final RoomLog log;
  private final Executor executor;
  private final Gateway.DelayedExecutor delayed;
  private final ByteBufAllocator allocator;

  Topics(
      RoomLog log, Executor executor, Gateway.DelayedExecutor delayed, ByteBufAllocator allocator) {
    this.log = log;
    this.executor = executor;
    this.delayed = delayed;
    this.allocator = allocator;
  }

  /// Counts a subscription in, before its loop knows of it, so that no event is missed.
  void enter(OrgId org, RoomId room, GatewayLoop loop) {
    topics.compute(
        room,
        (id, there) -> {
          var topic = there == null ? new Topic(org, id, log, executor, delayed, allocator) : there;
          topic.enter(loop);
          return topic;
        });
  }

  /// Counts a subscription out.
  void exit(RoomId room, GatewayLoop loop) {
    topics.computeIfPresent(room, (id, topic) -> topic.exit(loop) ? null : topic);
  }

  /// Delivers what concerns several rooms once to every connection that hears one of them.
  void deliver(List<RoomId> rooms, EphemeralEvent event, Predicate<UserId> hears) {
    var loops = new HashMap<GatewayLoop, List<RoomId>>();
    for (var room : rooms) {
      var topic = find(room);
      if (topic != null) {
        topic
            .loops()
            .forEach(loop -> loops.computeIfAbsent(loop, _ -> new ArrayList<>()).add(room));
      }
    }
    loops.forEach((loop, heard) -> loop.deliver(heard, event, hears));
  }

  /// Tells the sessions of a room what has reached somebody.
  void tell(Received receipt) {
    var topic = find(receipt.room());
    if (topic != null) {
      topic.loops().forEach(loop -> loop.tell(receipt));
    }
  }

  @Nullable Topic find(RoomId room) {
    return topics.get(room);
  }

  /// All of them, as they are at this moment.
  Set<RoomId> rooms() {
    return Set.copyOf(topics.keySet());
  }

  int size() {
    return topics.size();
  }
}
