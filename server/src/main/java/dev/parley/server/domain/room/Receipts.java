package dev.parley.server.domain.room;

import dev.parley.server.base.OrgId;
import dev.parley.server.base.RoomId;
import dev.parley.server.base.UserId;
import dev.parley.server.domain.access.RoomAccess;
import dev.parley.server.domain.event.EphemeralEvent;
import dev.parley.server.domain.event.EventBus;
import dev.parley.server.domain.room.ReceiptStore.Receipt;
import dev.parley.server.domain.room.ReceiptStore.Stretch;
import java.util.List;

/// What one can know of the arrival of direct messages: a message has arrived when a socket of its
/// receiver took it, when the receiver acknowledged it, or when the receiver read it in the
/// history.
public final class Receipts {
  private final ReceiptStore store;
  private final EventBus bus;

  public Receipts(ReceiptStore store, EventBus bus) {
    this.store = store;
    this.bus = bus;
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
