package dev.parley.server.rest;

import dev.parley.server.base.DeviceId;
import dev.parley.server.base.Metric;
import dev.parley.server.base.RoomId;
import dev.parley.server.base.Telemetry;
import dev.parley.server.base.UserId;
import dev.parley.server.domain.access.Principal;
import dev.parley.server.domain.event.EphemeralEvent;
import dev.parley.server.domain.event.RoomEvent;
import dev.parley.server.domain.event.UserEvent;
import dev.parley.server.domain.room.TailWatch;
import dev.parley.server.rest.Feed.News;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/// All event streams of this node, and what the bus has for each. Thread-safe.
public final class Feeds implements TailWatch.Audience, AutoCloseable {
  private static final int STREAMS = 5_000;

  private final ConcurrentHashMap<RoomId, Heard> byRoom = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<UserId, Heard> byUser = new ConcurrentHashMap<>();
  private final AtomicInteger open = new AtomicInteger();
  private final Telemetry.Counter cut;

  public Feeds(Telemetry telemetry) {
    this.cut = telemetry.counter(Metric.HTTP_STREAMS_CUT);
    telemetry.gauge(Metric.HTTP_STREAMS, this::open);
  }

  /// Who hears a log, and how far it was told.
  private static final class Heard {
    private final Set<Feed> feeds = ConcurrentHashMap.newKeySet();
    private final AtomicLong told = new AtomicLong();

    /// Whether the log reaches further than was told.
    boolean isNews(long pos) {
      return told.getAndAccumulate(pos, Math::max) < pos;
    }

    /// The same of an event of a log; whether none before it was missed.
    boolean follows(long pos) {
      return told.getAndAccumulate(pos, Math::max) >= pos - 1;
    }

    void tell(News news) {
      feeds.forEach(feed -> feed.tell(news));
    }
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
    byUser.values().forEach(heard -> heard.tell(new News.Over()));
  }

  @Override
  public void onRoomEvents(RoomId room, List<RoomEvent> events) {
    var heard = byRoom.get(room);
    if (heard != null) {
      boolean _ = heard.isNews(events.getLast().pos());
      events.forEach(event -> heard.tell(new News.Happened(event)));
    }
  }

  @Override
  public void onRoomHead(RoomId room, long pos) {
    var heard = byRoom.get(room);
    if (heard != null && heard.isNews(pos)) {
      heard.tell(new News.Reached(room, pos));
    }
  }

  @Override
  public void onUserHead(UserId user, long pos) {
    var heard = byUser.get(user);
    if (heard != null && heard.isNews(pos)) {
      heard.tell(new News.Mine());
    }
  }

  @Override
  public void onAccessReduced(UserId user, long times) {
    // A stream is of one's own rooms; the ends of memberships are events.
  }

  @Override
  public Set<RoomId> rooms() {
    return Set.copyOf(byRoom.keySet());
  }

  @Override
  public Set<UserId> users() {
    return Set.copyOf(byUser.keySet());
  }

  @Override
  public Set<DeviceId> devices() {
    return byUser.values().stream()
        .flatMap(heard -> heard.feeds.stream())
        .map(feed -> feed.account().deviceId())
        .collect(Collectors.toUnmodifiableSet());
  }

  @Override
  public void onUserEvent(UserEvent event) {
    var heard = byUser.get(event.user());
    if (heard == null) {
      return;
    }
    if (!heard.follows(event.pos())) {
      // An earlier one never came, and nobody will tell of it once this one is.
      heard.tell(new News.Mine());
      return;
    }
    switch (event) {
      case UserEvent.RoomJoined joined -> heard.tell(new News.Joined(joined.room()));
      case UserEvent.RoomLeft left -> heard.tell(new News.Left(left.room()));
      case UserEvent.ReadMoved _ -> {
        // Read markers are not part of the stream.
      }
      case UserEvent.TaskDue _ -> heard.tell(new News.Mine());
    }
  }

  @Override
  public void onEphemeral(EphemeralEvent event) {
    if (event instanceof EphemeralEvent.SignedOut signedOut) {
      Optional.ofNullable(byUser.get(signedOut.user())).stream()
          .flatMap(heard -> heard.feeds.stream())
          .filter(feed -> concerns(signedOut, feed.account()))
          .forEach(feed -> feed.tell(new News.Over()));
    }
  }

  private static boolean concerns(EphemeralEvent.SignedOut signedOut, Principal.Account account) {
    var device = account.deviceId();
    return signedOut.device().map(device::equals).orElse(true)
        && !signedOut.except().map(device::equals).orElse(false);
  }

  private static <K> void put(ConcurrentHashMap<K, Heard> map, K key, Feed feed) {
    map.compute(
        key,
        (_, there) -> {
          var heard = there == null ? new Heard() : there;
          heard.feeds.add(feed);
          return heard;
        });
  }

  private static <K> void remove(ConcurrentHashMap<K, Heard> map, K key, Feed feed) {
    map.computeIfPresent(
        key,
        (_, heard) -> {
          heard.feeds.remove(feed);
          return heard.feeds.isEmpty() ? null : heard;
        });
  }
}
