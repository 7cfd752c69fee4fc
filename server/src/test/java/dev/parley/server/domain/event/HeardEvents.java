package dev.parley.server.domain.event;

import dev.parley.server.base.RoomId;
import dev.parley.server.base.UserId;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// A listener that remembers everything.
public final class HeardEvents implements EventBus.Listener {
  public final List<RoomEvent> room = new CopyOnWriteArrayList<>();
  public final List<UserEvent> user = new CopyOnWriteArrayList<>();
  public final List<EphemeralEvent> passing = new CopyOnWriteArrayList<>();
  public final List<Long> roomHeads = new CopyOnWriteArrayList<>();
  public final List<Long> userHeads = new CopyOnWriteArrayList<>();

  @Override
  public void onRoomEvents(RoomId id, List<RoomEvent> events) {
    room.addAll(events);
  }

  @Override
  public void onRoomHead(RoomId id, long pos) {
    roomHeads.add(pos);
  }

  @Override
  public void onUserEvent(UserEvent event) {
    user.add(event);
  }

  @Override
  public void onUserHead(UserId id, long pos) {
    userHeads.add(pos);
  }

  @Override
  public void onEphemeral(EphemeralEvent event) {
    passing.add(event);
  }
}
