package dev.parley.server.domain.room;

import dev.parley.server.base.OrgId;
import dev.parley.server.base.Pause;
import dev.parley.server.base.RoomId;
import dev.parley.server.base.UserId;
import dev.parley.server.domain.access.RoomAccess;
import dev.parley.server.domain.event.EphemeralEvent;
import dev.parley.server.domain.event.EventBus;
import dev.parley.server.domain.room.ReceiptStore.Receipt;
import dev.parley.server.domain.room.ReceiptStore.Stretch;
import java.time.Duration;
import java.util.List;

/// What one can know of the arrival of direct messages: a message has arrived when a socket of its
/// receiver took it, when the receiver acknowledged it, or when the receiver read it in the
/// history.
public final class Receipts {
  /// How often an arrival is looked for.
  public static final int LOOKS = 10;

  /// How long after one look the next one follows.
  public static final Duration LOOK_EVERY = Duration.ofMillis(20);

  private final ReceiptStore store;
  private final EventBus bus;
  private final Pause pause;

  public Receipts(ReceiptStore store, EventBus bus, Pause pause) {
    this.store = store;
    this.bus = bus;
    this.pause = pause;
  }

  /// Begins to keep what reaches the other member of a direct room.
  public void expect(RoomAccess access, UserId other) {
    store.expect(access.orgId(), access.roomId(), other);
  }

  /// Something has reached the caller; the others of the room hear what is new of it.
  public void receive(RoomAccess access, Stretch stretch) {
    receive(access.orgId(), access.roomId(), access.userId(), stretch);
  }

  /// Everything up to a position has reached a user.
  public void receivedUpTo(OrgId org, RoomId room, UserId user, long pos) {
    if (pos > 0) {
      receive(org, room, user, new Stretch(1, pos));
    }
  }

  /// What has reached a member of the caller's room, ascending.
  public List<Stretch> received(RoomAccess access, UserId user) {
    return store.received(access.orgId(), access.roomId(), user);
  }

  /// Whether an event reaches a member now, who is connected; waits for it about [#LOOKS] times
  /// [#LOOK_EVERY].
  public boolean reaches(RoomAccess access, UserId user, long pos) {
    boolean reached = hasReached(access, user, pos);
    for (int look = 1;
        look < LOOKS && !reached && !Thread.currentThread().isInterrupted();
        look++) {
      pause.await(LOOK_EVERY);
      reached = hasReached(access, user, pos);
    }
    return reached;
  }

  private boolean hasReached(RoomAccess access, UserId user, long pos) {
    return received(access, user).stream().anyMatch(stretch -> stretch.has(pos));
  }

  /// What has reached others without the caller having been told.
  public List<Receipt> untold(OrgId org, UserId user, int limit) {
    return store.untold(org, user, limit);
  }

  /// The caller has been told.
  public void told(RoomAccess access, Stretch stretch) {
    store.tell(access.orgId(), access.roomId(), access.userId(), stretch);
  }

  private void receive(OrgId org, RoomId room, UserId user, Stretch stretch) {
    for (var fresh : store.receive(org, room, user, stretch)) {
      bus.publish(new EphemeralEvent.Received(room, user, fresh.first(), fresh.last()));
    }
  }
}
