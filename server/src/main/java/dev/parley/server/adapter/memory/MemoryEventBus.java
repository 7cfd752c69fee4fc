package dev.parley.server.adapter.memory;

import dev.parley.server.base.RoomId;
import dev.parley.server.domain.event.EphemeralEvent;
import dev.parley.server.domain.event.EventBus;
import dev.parley.server.domain.event.RoomEvent;
import dev.parley.server.domain.event.UserEvent;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The bus of a single node: calls the listeners on the publisher's thread.
public final class MemoryEventBus implements EventBus {
  private static final Logger LOG = LoggerFactory.getLogger(MemoryEventBus.class);

  private final List<Listener> listeners = new CopyOnWriteArrayList<>();

  @Override
  public void publish(RoomId room, List<RoomEvent> events) {
    tell(listener -> listener.onRoomEvents(room, events));
  }

  @Override
  public void publish(UserEvent event) {
    tell(listener -> listener.onUserEvent(event));
  }

  @Override
  public void publish(EphemeralEvent event) {
    tell(listener -> listener.onEphemeral(event));
  }

  @Override
  public void subscribe(Listener listener) {
    listeners.add(listener);
  }

  /// What was committed stays committed, so a listener's defect must not reach the publisher.
  private void tell(Consumer<Listener> event) {
    for (var listener : listeners) {
      try {
        event.accept(listener);
      } catch (RuntimeException e) {
        LOG.error("a listener of the bus failed", e);
      }
    }
  }
}
