package dev.parley.server.adapter.memory;

import dev.parley.server.domain.presence.PresenceStore;
import dev.parley.server.domain.presence.PresenceStoreContract;
import dev.parley.server.testing.TestClock;
import java.time.Duration;

final class MemoryPresenceStoreTest extends PresenceStoreContract {
  private final TestClock clock = new TestClock();
  private final MemoryPresenceStore store = new MemoryPresenceStore(clock);

  @Override
  protected PresenceStore store() {
    return store;
  }

  @Override
  protected void pass(Duration time) {
    clock.advance(time);
  }
}
