package dev.parley.server.adapter.memory;

import dev.parley.server.base.Limits;
import dev.parley.server.base.OrgId;
import dev.parley.server.base.Refusal;
import dev.parley.server.base.RoomId;
import dev.parley.server.base.UserId;
import dev.parley.server.domain.event.EventBus;
import dev.parley.server.domain.event.RoomEvent;
import dev.parley.server.domain.event.RoomEvent.MessagePosted;
import dev.parley.server.domain.room.RoomLog;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiPredicate;

/// A room log that keeps the newest events of each room and forgets the rest: for measuring what
/// storage costs, and for simulations. It makes the promises of [RoomLog] with "durable" meaning
/// "in memory" and "for ever" meaning "as long as the event is kept".
///
/// Like the log in PostgreSQL it writes in groups on a thread of its own: whatever has come while
/// the last group was told of.
public final class MemoryRoomLog implements RoomLog, AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final EventBus bus;
  private final InstantSource clock;
  private final BiPredicate<RoomId, UserId> members;
  private final int kept;
  private final AtomicLong lastMessageId = new AtomicLong();
  private final ConcurrentHashMap<RoomId, MemoryRoom> rooms = new ConcurrentHashMap<>();
  private final BlockingQueue<Waiting> queue = new ArrayBlockingQueue<>(Limits.LANE);
  private final Thread lane = Thread.ofPlatform().name("memory-log").unstarted(this::run);
  private volatile boolean closing;

  private record Waiting(Draft draft, AppendListener listener) {}

  /// A log without rooms.
  ///
  /// @param members whether a user is a member of a room
  /// @param kept how many events each room keeps, at least a page
  public MemoryRoomLog(
      EventBus bus, InstantSource clock, BiPredicate<RoomId, UserId> members, int kept) {
    this.bus = bus;
    this.clock = clock;
    this.members = members;
    this.kept = Math.max(kept, Limits.PAGE);
    lane.start();
  }

  /// Makes a room, unless it is there.
  public void create(OrgId org, RoomId room, String epoch) {
    rooms.computeIfAbsent(room, id -> new MemoryRoom(org, room, epoch, kept));
  }

  @Override
  public void append(Draft draft, AppendListener listener) {
    if (closing) {
      listener.settled(new Outcome.Refused(new Refusal.Unavailable("the log is closed", false)));
    } else if (!queue.offer(new Waiting(draft, listener))) {
      listener.settled(new Outcome.Refused(new Refusal.Busy("too many messages wait")));
    }
  }

  @Override
  public List<RoomEvent> read(OrgId org, RoomId room, long after, int limit) {
    return room(org, room).map(there -> there.read(after, limit)).orElse(List.of());
  }

  @Override
  public Optional<MessagePosted> find(RoomId room, UserId sender, UUID op) {
    return Optional.ofNullable(rooms.get(room)).flatMap(there -> there.find(sender, op));
  }

  @Override
  public Head head(OrgId org, RoomId room) {
    return room(org, room)
        .map(MemoryRoom::head)
        .orElseThrow(() -> Refusal.notFound("no such room"));
  }

  /// Posts what is queued and ends.
  @Override
  public void close() throws InterruptedException {
    closing = true;
    lane.interrupt();
    lane.join(PATIENCE);
  }

  private Optional<MemoryRoom> room(OrgId org, RoomId room) {
    return Optional.ofNullable(rooms.get(room)).filter(there -> there.org().equals(org));
  }

  private void run() {
    var group = new ArrayList<Waiting>();
    while (fill(group)) {
      post(group);
      group.clear();
    }
  }

  /// The next group; false at the end.
  private boolean fill(List<Waiting> group) {
    try {
      if (!closing) {
        group.add(queue.take());
      }
    } catch (InterruptedException e) {
      // Closing: what is queued is posted still.
    }
    queue.drainTo(group, Limits.COMMIT_MESSAGES - group.size());
    return !group.isEmpty() || !closing;
  }

  private void post(List<Waiting> group) {
    var outcomes = group.stream().map(waiting -> outcome(waiting.draft())).toList();
    var fresh = new LinkedHashMap<RoomId, List<RoomEvent>>();
    for (var outcome : outcomes) {
      if (outcome instanceof Outcome.Posted(var event, var duplicate) && !duplicate) {
        fresh.computeIfAbsent(event.room(), id -> new ArrayList<>()).add(event);
      }
    }
    fresh.forEach(bus::publish);
    for (int i = 0; i < outcomes.size(); i++) {
      group.get(i).listener().settled(outcomes.get(i));
    }
  }

  private Outcome outcome(Draft draft) {
    var room = room(draft.org(), draft.room());
    if (room.isEmpty()) {
      return new Outcome.Refused(new Refusal.NotFound("no such room"));
    }
    if (draft.memberOnly() && !members.test(draft.room(), draft.sender())) {
      return new Outcome.Refused(new Refusal.Forbidden("you are no member of the room"));
    }
    return room.get().post(draft, lastMessageId, clock.instant());
  }
}
