package dev.parley.server.domain.presence;

import dev.parley.server.base.Limits;
import dev.parley.server.base.Metric;
import dev.parley.server.base.OutageException;
import dev.parley.server.base.Telemetry;
import dev.parley.server.base.Ticker;
import dev.parley.server.base.UserId;
import dev.parley.server.domain.access.OrgAccess;
import dev.parley.server.domain.access.Principal;
import dev.parley.server.domain.access.RoomAccess;
import dev.parley.server.domain.event.EphemeralEvent.PresenceChanged;
import dev.parley.server.domain.event.EventBus;
import dev.parley.server.domain.org.OrgMember;
import dev.parley.server.domain.org.OrgStore;
import dev.parley.server.domain.presence.PresenceStore.Turn;
import dev.parley.server.domain.room.RoomStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Who is online: everybody with a socket on some node, until the last one closes.
///
/// Counting is local and never blocks. What changed is told to the other nodes, and to the people
/// concerned, [#SETTLE] later and all together, so that whoever reconnects in between was never
/// away. Only accounts are announced and have a last seen: names of the open realm prove nothing.
/// Holds no more than the node holds sockets. Safe for many threads; `turn` is held while the store
/// is told, and what is announced keeps that order, but nobody waits for `turn` while it is told.
public final class Presence implements AutoCloseable {
  /// How long changes are collected.
  public static final Duration SETTLE = Duration.ofMillis(250);

  /// How often a node repeats whom it has.
  public static final Duration BEAT = Duration.ofSeconds(10);

  private static final Duration NOTE = Duration.ofMinutes(1);

  /// After so long a silence this node's people may have been swept away, or those of others will
  /// be if it sweeps before they have spoken.
  private static final Duration LATE = BEAT.multipliedBy(2);

  /// How often one beat sweeps at most; the next one goes on.
  private static final int SWEEPS = 8;

  /// Comings and goings that wait to be announced. Beyond: the store is told no more until they
  /// are.
  private static final int ANNOUNCEMENTS = 65_536;

  private final PresenceStore store;
  private final LastSeenStore lastSeen;
  private final OrgStore orgs;
  private final RoomStore rooms;
  private final EventBus bus;
  private final Surroundings surroundings;
  private final ConcurrentSkipListMap<Sighting, Seat> here = new ConcurrentSkipListMap<>();
  private final Set<Circle> circles = ConcurrentHashMap.newKeySet();
  private final Set<Sighting> unsettled = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean settling = new AtomicBoolean();
  private final ReentrantLock turn = new ReentrantLock();
  private final BlockingQueue<Announcement> waiting = new LinkedBlockingQueue<>(ANNOUNCEMENTS);

  /// Held by whoever announces what waits; taken after `turn`, never before it.
  private final ReentrantLock voice = new ReentrantLock();

  /// When this node last told the store of all whom it has. Guarded by `turn`.
  private long repeatedAt;

  public Presence(
      PresenceStore store,
      LastSeenStore lastSeen,
      OrgStore orgs,
      RoomStore rooms,
      EventBus bus,
      Surroundings surroundings) {
    this.store = store;
    this.lastSeen = lastSeen;
    this.orgs = orgs;
    this.rooms = rooms;
    this.bus = bus;
    this.surroundings = surroundings;
    this.repeatedAt = surroundings.ticker().nanos();
    surroundings.telemetry().gauge(Metric.PRESENT, here::size);
    surroundings.telemetry().gauge(Metric.PRESENCE_WAITING, waiting::size);
  }

  /// What this needs from the process around it.
  ///
  /// @param node names this node among all that share the store
  public record Surroundings(
      String node, InstantSource clock, Ticker ticker, Delayed delayed, Telemetry telemetry) {}

  /// Runs a task once, later, on a thread that may block.
  @FunctionalInterface
  public interface Delayed {
    void run(Duration delay, Runnable task);
  }

  /// A user's sockets in a circle on this node.
  ///
  /// @param told whether the store knows of them
  /// @param noted when last seen was kept last
  private record Seat(int sockets, boolean told, Instant noted) {
    static final Seat EMPTY = new Seat(0, false, Instant.MIN);

    Seat plus(int more) {
      return new Seat(Math.max(0, sockets + more), told, noted);
    }

    /// Null once there is nothing left to remember.
    @Nullable Seat told(boolean now) {
      return now || sockets > 0 ? new Seat(sockets, now, noted) : null;
    }

    Seat noted(Instant at) {
      return new Seat(sockets, told, at);
    }
  }

  /// An account that came or went.
  private record Announcement(UserId user, boolean online, Instant at) {}

  /// Begins to repeat whom this node has, and to sweep after nodes that died.
  public void start() {
    surroundings.delayed().run(BEAT, this::beatAgain);
  }

  /// Somebody has one more socket here. Never blocks.
  public void enter(Circle circle, UserId user) {
    circles.add(circle);
    var sighting = new Sighting(circle, user);
    here.merge(sighting, Seat.EMPTY.plus(1), (seat, _) -> seat.plus(1));
    unsettle(sighting);
  }

  /// Somebody has one socket less here. Never blocks.
  public void leave(Circle circle, UserId user) {
    var sighting = new Sighting(circle, user);
    here.computeIfPresent(sighting, (_, seat) -> seat.plus(-1));
    unsettle(sighting);
  }

  /// Whether a user has a socket of this circle on this node.
  public boolean isHere(Circle circle, UserId user) {
    var seat = here.get(new Sighting(circle, user));
    return seat != null && seat.sockets() > 0;
  }

  /// Whether a user has a socket of this circle on any node; while the store is away, on this one.
  public boolean isConnected(Circle circle, UserId user) {
    var seat = here.get(new Sighting(circle, user));
    if (seat != null) {
      // Of somebody who has just left, the store does not know yet.
      return seat.sockets() > 0;
    }
    try {
      return !store.online(circle, List.of(user)).isEmpty();
    } catch (OutageException e) {
      // What this node knows is the best answer.
      return false;
    }
  }

  /// Whether a user is online on any node; while the store is away, on this one.
  public boolean isOnline(UserId user) {
    return !online(List.of(user)).isEmpty();
  }

  /// Which of at most [PresenceStore#BATCH] users are online on any node; while the store is away,
  /// on this one.
  public Set<UserId> online(Collection<UserId> users) {
    var online = new HashSet<UserId>();
    users.stream().filter(this::isHere).forEach(online::add);
    var others = users.stream().filter(user -> !online.contains(user)).toList();
    try {
      online.addAll(store.online(others));
    } catch (OutageException e) {
      // What this node knows is the best answer.
    }
    return online;
  }

  /// Who is in a circle on any node, ascending by user id, those after `after` only, at most
  /// `limit` and at most [PresenceStore#BATCH].
  public List<UserId> list(Circle circle, Optional<UserId> after, int limit) {
    int most = Math.clamp(limit, 1, PresenceStore.BATCH);
    var users = new TreeSet<UserId>();
    try {
      users.addAll(store.list(circle, after, most));
    } catch (OutageException e) {
      // What this node knows is the best answer.
    }
    var next = new Sighting(circle, after.orElse(new UserId("\0")));
    here.tailMap(next, false).entrySet().stream()
        .takeWhile(entry -> entry.getKey().circle().equals(circle))
        .filter(entry -> entry.getValue().sockets() > 0)
        .limit(most)
        .forEach(entry -> users.add(entry.getKey().user()));
    return users.stream().limit(most).toList();
  }

  /// One page of an organization's members, ascending by user id, each with their presence.
  public List<Whereabouts> inOrg(OrgAccess access, Optional<UserId> after, int limit) {
    int most = Math.clamp(limit, 1, PresenceStore.BATCH);
    return of(orgs.members(access.orgId(), after, most).stream().map(OrgMember::user).toList());
  }

  /// The presence of those whom somebody meets in a room, at most [PresenceStore#BATCH].
  public List<Whereabouts> met(RoomAccess where, Collection<UserId> users) {
    where.requireMember();
    return of(users.stream().distinct().limit(PresenceStore.BATCH).toList());
  }

  /// One's own presence.
  public Whereabouts self(Principal.Account who) {
    return of(List.of(who.userId())).getFirst();
  }

  /// Tells the others that this node has nobody any more.
  @Override
  public void close() {
    here.forEach(
        (sighting, _) -> {
          here.computeIfPresent(sighting, (_, seat) -> seat.plus(-seat.sockets()));
          unsettled.add(sighting);
        });
    settle();
    announceAll();
  }

  private List<Whereabouts> of(List<UserId> users) {
    var online = online(users);
    var seen = lastSeen.of(users);
    return users.stream()
        .map(
            user ->
                new Whereabouts(user, online.contains(user), Optional.ofNullable(seen.get(user))))
        .toList();
  }

  private boolean isHere(UserId user) {
    return circles.stream().anyMatch(circle -> isHere(circle, user));
  }

  // ---- telling the others

  private void unsettle(Sighting sighting) {
    unsettled.add(sighting);
    settleLater();
  }

  private void settleLater() {
    if (settling.compareAndSet(false, true)) {
      surroundings.delayed().run(SETTLE, this::settle);
    }
  }

  private void settle() {
    settling.set(false);
    turn.lock();
    try {
      settleAll();
    } catch (OutageException e) {
      settleLater();
    } finally {
      turn.unlock();
    }
    announceWaiting();
  }

  private void settleAll() {
    while (!unsettled.isEmpty()) {
      settle(unsettled.stream().limit(PresenceStore.BATCH).toList());
    }
  }

  /// Whatever changes meanwhile is in `unsettled` again, and has its own turn.
  private void settle(List<Sighting> batch) {
    batch.forEach(unsettled::remove);
    var came = new ArrayList<Sighting>();
    var went = new ArrayList<Sighting>();
    // Who came and went before anybody was told was there all the same.
    var brief = new ArrayList<UserId>();
    for (var sighting : batch) {
      var seat = here.getOrDefault(sighting, Seat.EMPTY);
      if (seat.sockets() > 0 && !seat.told()) {
        came.add(sighting);
      } else if (seat.sockets() == 0 && seat.told()) {
        went.add(sighting);
      } else if (seat.sockets() == 0) {
        here.computeIfPresent(sighting, (_, now) -> now.told(now.told()));
        brief.add(sighting.user());
      }
    }
    note(brief, surroundings.clock().instant());
    if (came.isEmpty() && went.isEmpty()) {
      return;
    }
    tell(came, went);
  }

  private void tell(List<Sighting> came, List<Sighting> went) {
    Turn change;
    try {
      change = store.turn(surroundings.node(), came, went);
    } catch (OutageException e) {
      unsettled.addAll(came);
      unsettled.addAll(went);
      throw e;
    }
    came.forEach(sighting -> here.computeIfPresent(sighting, (_, seat) -> seat.told(true)));
    went.forEach(sighting -> here.computeIfPresent(sighting, (_, seat) -> seat.told(false)));
    announce(change.online(), true);
    announce(change.offline(), false);
  }

  private void announce(Set<UserId> users, boolean online) {
    var accounts = users.stream().filter(user -> !user.isOpen()).toList();
    var now = surroundings.clock().instant();
    if (!online) {
      note(accounts, now);
    }
    for (var user : accounts) {
      var announcement = new Announcement(user, online, now);
      while (!waiting.offer(announcement)) {
        announceAll();
      }
    }
  }

  /// Announces what waits, unless somebody is at it already.
  private void announceWaiting() {
    while (!waiting.isEmpty() && voice.tryLock()) {
      try {
        announceAll();
      } finally {
        voice.unlock();
      }
    }
  }

  private void announceAll() {
    voice.lock();
    try {
      for (var next = waiting.poll(); next != null; next = waiting.poll()) {
        announce(next);
      }
    } finally {
      voice.unlock();
    }
  }

  private void announce(Announcement one) {
    try {
      var shared = rooms.roomsOf(one.user(), Limits.SUBSCRIPTIONS);
      bus.publish(new PresenceChanged(one.user(), one.online(), one.at(), shared));
    } catch (OutageException e) {
      // It is not kept: whoever asks is told how it is.
    }
  }

  private void note(Collection<UserId> users, Instant at) {
    var accounts = users.stream().filter(user -> !user.isOpen()).distinct().toList();
    if (accounts.isEmpty()) {
      return;
    }
    try {
      lastSeen.note(accounts, at);
    } catch (OutageException e) {
      // The next note, a minute from now at most, says more.
    }
  }

  // ---- the heartbeat

  private void beatAgain() {
    surroundings.delayed().run(BEAT, this::beatAgain);
    try {
      beat();
    } catch (OutageException e) {
      // The next beat repeats everything.
    }
  }

  /// Repeats whom this node has, keeps their last seen, and announces those whose node died.
  void beat() {
    turn.lock();
    try {
      if (isLate()) {
        tellAgain();
      } else {
        repeat(surroundings.clock().instant());
        sweep();
      }
      repeatedAt = surroundings.ticker().nanos();
    } finally {
      turn.unlock();
    }
    announceWaiting();
  }

  private boolean isLate() {
    return surroundings.ticker().nanos() - repeatedAt > LATE.toNanos();
  }

  /// As if all had just come, so that those whom others believe gone are announced again.
  private void tellAgain() {
    here.forEach(
        (sighting, _) -> {
          here.computeIfPresent(
              sighting, (_, seat) -> seat.sockets() > 0 ? seat.told(false) : seat);
          unsettled.add(sighting);
        });
    settleAll();
  }

  private void sweep() {
    boolean more = true;
    for (int i = 0; i < SWEEPS && more; i++) {
      var swept = store.sweep();
      announce(swept.offline(), false);
      more = swept.more();
    }
  }

  private void repeat(Instant now) {
    var some = new ArrayList<Sighting>(PresenceStore.BATCH);
    for (var entry : here.entrySet()) {
      if (entry.getValue().told()) {
        some.add(entry.getKey());
      }
      if (some.size() == PresenceStore.BATCH) {
        beat(some, now);
        some.clear();
      }
    }
    beat(some, now);
  }

  private void beat(List<Sighting> some, Instant now) {
    if (some.isEmpty()) {
      return;
    }
    store.beat(surroundings.node(), List.copyOf(some));
    var due =
        some.stream()
            .filter(sighting -> !sighting.user().isOpen())
            .filter(sighting -> isDue(sighting, now))
            .toList();
    if (!due.isEmpty()) {
      note(due.stream().map(Sighting::user).toList(), now);
      due.forEach(sighting -> here.computeIfPresent(sighting, (_, seat) -> seat.noted(now)));
    }
  }

  private boolean isDue(Sighting sighting, Instant now) {
    var seat = here.getOrDefault(sighting, Seat.EMPTY);
    return !seat.noted().plus(NOTE).isAfter(now);
  }
}
