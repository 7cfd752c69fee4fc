package dev.parley.server.adapter.memory;

import dev.parley.server.base.Limits;
import dev.parley.server.base.OrgId;
import dev.parley.server.base.Refusal;
import dev.parley.server.base.RoomId;
import dev.parley.server.base.UserId;
import dev.parley.server.domain.event.RoomEvent;
import dev.parley.server.domain.event.RoomEvent.MessagePosted;
import dev.parley.server.domain.event.RoomEvent.Stamp;
import dev.parley.server.domain.room.RoomLog.Draft;
import dev.parley.server.domain.room.RoomLog.Head;
import dev.parley.server.domain.room.RoomLog.Outcome;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// One room of the [MemoryRoomLog]: a ring of its newest messages. Guarded by this.
final class MemoryRoom {
  private final OrgId org;
  private final RoomId room;
  private final String epoch;
  private final @Nullable MessagePosted[] ring;
  private final Map<Key, MessagePosted> byOp = new HashMap<>();
  private long last;
  private Instant lastAt = Instant.EPOCH;

  private record Key(UserId sender, UUID op) {}

  MemoryRoom(OrgId org, RoomId room, String epoch, int kept) {
    this.org = org;
    this.room = room;
    this.epoch = epoch;
    this.ring = new MessagePosted[kept];
  }

  OrgId org() {
    return org;
  }

  /// Only messages are in this log, so `pos` and `seq` are one.
  synchronized Head head() {
    return new Head(epoch, last, last);
  }

  synchronized Outcome post(Draft draft, AtomicLong lastMessageId, Instant now) {
    var known = byOp.get(new Key(draft.sender(), draft.op()));
    if (known != null) {
      return repeated(known, draft);
    }
    last++;
    lastAt = now.isAfter(lastAt) ? now : lastAt;
    var event =
        new MessagePosted(
            new Stamp(org, room, last, lastAt),
            draft.sender(),
            last,
            lastMessageId.incrementAndGet(),
            draft.op(),
            Optional.of(draft.content()),
            draft.threadId(),
            draft.attachments(),
            draft.labels());
    keep(event);
    return new Outcome.Posted(event, false);
  }

  synchronized Optional<MessagePosted> find(UserId sender, UUID op) {
    return Optional.ofNullable(byOp.get(new Key(sender, op)));
  }

  /// The events after a position.
  ///
  /// @throws dev.parley.server.base.RefusedException not_found if some of them are kept no more:
  ///   never a part in silence
  synchronized List<RoomEvent> read(long after, int limit) {
    if (after < last - ring.length) {
      throw Refusal.notFound("these events are kept no more");
    }
    long end = Math.min(last, after + Math.min(limit, Limits.PAGE));
    var events = new ArrayList<RoomEvent>();
    for (long pos = after + 1; pos <= end; pos++) {
      var event = ring[slot(pos)];
      if (event != null) {
        events.add(event);
      }
    }
    return events;
  }

  private void keep(MessagePosted event) {
    var oldest = ring[slot(event.pos())];
    if (oldest != null) {
      byOp.remove(new Key(oldest.actor(), oldest.op()));
    }
    ring[slot(event.pos())] = event;
    byOp.put(new Key(event.actor(), event.op()), event);
  }

  private int slot(long pos) {
    return (int) (pos % ring.length);
  }

  private static Outcome repeated(MessagePosted known, Draft draft) {
    boolean same =
        known.content().equals(Optional.of(draft.content()))
            && known.threadId().equals(draft.threadId())
            && known.attachments().equals(draft.attachments())
            && known.labels().equals(draft.labels());
    return same
        ? new Outcome.Posted(known, true)
        : new Outcome.Refused(
            new Refusal.IdempotencyMismatch("this op was used before for another message"));
  }
}
