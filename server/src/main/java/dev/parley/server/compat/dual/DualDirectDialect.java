package dev.parley.server.compat.dual;

import dev.parley.server.domain.event.EphemeralEvent;
import dev.parley.server.domain.event.RoomEvent;
import dev.parley.server.domain.event.RoomEvent.MessagePosted;
import dev.parley.server.gateway.Dialect;
import java.util.List;

/// The private messages that the sockets of a hub hear: those of others, and those to oneself.
///
/// @param echo whether this is the room with oneself
record DualDirectDialect(Hub hub, boolean echo) implements Dialect {
  @Override
  public List<byte[]> encode(RoomEvent event) {
    return event instanceof MessagePosted message && DualFrame.isOf(message, hub)
        ? DualFrame.of(message, "private").stream().toList()
        : List.of();
  }

  @Override
  public List<byte[]> encode(EphemeralEvent event) {
    return List.of();
  }

  @Override
  public boolean pulls() {
    return false;
  }
}
