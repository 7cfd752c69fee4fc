package dev.parley.server.gateway;

import dev.parley.server.base.OutageException;
import dev.parley.server.base.RoomId;
import dev.parley.server.base.UserId;
import dev.parley.server.domain.access.RoomAccess;
import dev.parley.server.domain.access.RoomKind;
import dev.parley.server.domain.room.Members;
import dev.parley.server.domain.room.Receipts;
import dev.parley.server.domain.room.RoomStore.Delivery;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Collects what clients acknowledge and writes it down once a second for all of them together.
/// Losing a second of it is harmless: the next acknowledgement says it again. Guarded by this.
public final class DeliveryMarks {
  private static final Logger LOG = LoggerFactory.getLogger(DeliveryMarks.class);
  private static final Duration INTERVAL = Duration.ofSeconds(1);
  private static final int CAP = 50_000;

  private final Members members;
  private final Receipts receipts;
  private final Gateway.DelayedExecutor delayed;
  private Map<Key, Mark> waiting = new HashMap<>();
  private boolean scheduled;

  private record Key(RoomId room, UserId user) {}

  /// @param direct whether it is a direct room, whose other member may want to know
  private record Mark(Delivery delivery, boolean direct) {
    Mark or(Mark other) {
      return delivery.pos() >= other.delivery.pos() ? this : other;
    }
  }

  public DeliveryMarks(Members members, Receipts receipts, Gateway.DelayedExecutor delayed) {
    this.members = members;
    this.receipts = receipts;
    this.delayed = delayed;
  }

  /// Takes an acknowledgement; when far too many wait it is dropped.
  synchronized void add(RoomAccess access, long pos) {
    var room = access.roomId();
    var user = access.userId();
    var key = new Key(room, user);
    if (waiting.size() >= CAP && !waiting.containsKey(key)) {
      return;
    }
    var mark =
        new Mark(new Delivery(access.orgId(), room, user, pos), access.kind() == RoomKind.DIRECT);
    waiting.merge(key, mark, Mark::or);
    if (!scheduled) {
      scheduled = true;
      delayed.execute(INTERVAL, this::write);
    }
  }

  private void write() {
    try {
      var marks = take();
      members.delivered(marks.stream().map(Mark::delivery).toList());
      marks.stream().filter(Mark::direct).map(Mark::delivery).forEach(this::receive);
    } catch (OutageException e) {
      LOG.debug("delivery marks of a second were dropped: {}", e.getMessage());
    }
  }

  private void receive(Delivery delivery) {
    receipts.receivedUpTo(delivery.org(), delivery.room(), delivery.user(), delivery.pos());
  }

  private synchronized List<Mark> take() {
    var all = List.copyOf(waiting.values());
    waiting = new HashMap<>();
    scheduled = false;
    return all;
  }
}
