package dev.parley.server.adapter.memory;

import dev.parley.server.domain.event.EventBus;
import dev.parley.server.domain.event.EventBusContract;

final class MemoryEventBusTest implements EventBusContract {
  private final EventBus bus = new MemoryEventBus();

  @Override
  public EventBus publisher() {
    return bus;
  }

  @Override
  public EventBus receiver() {
    return bus;
  }
}
