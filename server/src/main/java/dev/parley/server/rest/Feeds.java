package dev.parley.server.rest;

import dev.parley.server.base.Metric;
import dev.parley.server.base.RoomId;
import dev.parley.server.base.Telemetry;
import dev.parley.server.base.UserId;
import dev.parley.server.domain.access.Principal;
import dev.parley.server.domain.event.EphemeralEvent;
import dev.parley.server.domain.event.EventBus;
import dev.parley.server.domain.event.RoomEvent;
import dev.parley.server.domain.event.UserEvent;
import dev.parley.server.rest.Feed.News;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// All event streams of this node, and what the bus has for each. Thread-safe.
public final class Feeds implements EventBus.Listener, AutoCloseable {
  private static final int STREAMS = 5_000;

  private final ConcurrentHashMap<RoomId, Set<Feed>> byRoom = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<UserId, Set<Feed>> byUser = new ConcurrentHashMap<>();
  private final AtomicInteger open = new AtomicInteger();
  private final Telemetry.Counter cut;

  public Feeds(Telemetry telemetry) {
    this.cut = telemetry.counter(Metric.HTTP_STREAMS_CUT);
    telemetry.gauge(Metric.HTTP_STREAMS, this::open);
  }

  /// How many streams are open.
  int open() {
    return open.get();
  }

  /// Whether there is room for one more.
  boolean hasRoom() {
    return open.get() < STREAMS;
  }

  /// Counts a feed in; false if there are too many.
  boolean enter(Feed feed) {
    if (open.incrementAndGet() > STREAMS) {
      open.decrementAndGet();
      return false;
    }
    put(byUser, feed.account().userId(), feed);
    return true;
  }

  /// Counts a feed out of everything.
  void exit(Feed feed, Collection<RoomId> rooms) {
    remove(byUser, feed.account().userId(), feed);
    rooms.forEach(room -> remove(byRoom, room, feed));
    open.decrementAndGet();
  }

  /// The feed hears of a room from now on.
  void listen(Feed feed, RoomId room) {
    put(byRoom, room, feed);
  }

  /// The feed hears of a room no more.
  void unlisten(Feed feed, RoomId room) {
    remove(byRoom, room, feed);
  }

  /// Counts a feed that could not keep up.
  void cut() {
    cut.increment();
  }

  /// Ends all streams; the clients come back, here or elsewhere.
  @Override
  public void close() {
    byUser.values().forEach(feeds -> feeds.forEach(feed -> feed.tell(new News.Over())));
  }

  @Override
  public void onRoomEvents(RoomId room, List<RoomEvent> events) {
    var feeds = byRoom.getOrDefault(room, Set.of());
    for (var feed : feeds) {
      events.forEach(event -> feed.tell(new News.Happened(event)));
    }
  }

  @Override
  public void onUserEvent(UserEvent event) {
    for (var feed : byUser.getOrDefault(event.user(), Set.of())) {
      switch (event) {
        case UserEvent.RoomJoined joined -> feed.tell(new News.Joined(joined.room()));
        case UserEvent.RoomLeft left -> feed.tell(new News.Left(left.room()));
        case UserEvent.ReadMoved _ -> {
          // Read markers are not part of the stream.
        }
        case UserEvent.TaskDue _ -> feed.tell(new News.Mine());
      }
    }
  }

  @Override
  public void onEphemeral(EphemeralEvent event) {
    if (event instanceof EphemeralEvent.SignedOut signedOut) {
      byUser.getOrDefault(signedOut.user(), Set.of()).stream()
          .filter(feed -> concerns(signedOut, feed.account()))
          .forEach(feed -> feed.tell(new News.Over()));
    }
  }

  private static boolean concerns(EphemeralEvent.SignedOut signedOut, Principal.Account account) {
    var device = account.deviceId();
    return signedOut.device().map(device::equals).orElse(true)
        && !signedOut.except().map(device::equals).orElse(false);
  }

  private static <K> void put(ConcurrentHashMap<K, Set<Feed>> map, K key, Feed feed) {
    map.compute(
        key,
        (_, there) -> {
          var feeds = there == null ? ConcurrentHashMap.<Feed>newKeySet() : there;
          feeds.add(feed);
          return feeds;
        });
  }

  private static <K> void remove(ConcurrentHashMap<K, Set<Feed>> map, K key, Feed feed) {
    map.computeIfPresent(
        key,
        (_, feeds) -> {
          feeds.remove(feed);
          return feeds.isEmpty() ? null : feeds;
        });
  }
}
