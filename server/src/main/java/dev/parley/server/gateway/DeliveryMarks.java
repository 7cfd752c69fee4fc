package dev.parley.server.gateway;

import dev.parley.server.base.OrgId;
import dev.parley.server.base.OutageException;
import dev.parley.server.base.RoomId;
import dev.parley.server.base.UserId;
import dev.parley.server.domain.room.Members;
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
  private final Gateway.DelayedExecutor delayed;
  private Map<Key, Delivery> waiting = new HashMap<>();
  private boolean scheduled;

  private record Key(RoomId room, UserId user) {}

  public DeliveryMarks(Members members, Gateway.DelayedExecutor delayed) {
    this.members = members;
    this.delayed = delayed;
  }

  /// Takes an acknowledgement; when far too many wait it is dropped.
  synchronized void add(OrgId org, RoomId room, UserId user, long pos) {
    var key = new Key(room, user);
    if (waiting.size() >= CAP && !waiting.containsKey(key)) {
      return;
    }
    waiting.merge(key, new Delivery(org, room, user, pos), (a, b) -> a.pos() >= b.pos() ? a : b);
    if (!scheduled) {
      scheduled = true;
      delayed.execute(INTERVAL, this::write);
    }
  }

  private void write() {
    try {
      members.delivered(take());
    } catch (OutageException e) {
      LOG.debug("delivery marks of a second were dropped: {}", e.getMessage());
    }
  }

  private synchronized List<Delivery> take() {
    var all = List.copyOf(waiting.values());
    waiting = new HashMap<>();
    scheduled = false;
    return all;
  }
}
