package dev.parley.server.compat.workspace;

import dev.parley.server.domain.event.EphemeralEvent;
import dev.parley.server.domain.event.RoomEvent;
import dev.parley.server.domain.event.RoomEvent.MessagePosted;
import dev.parley.server.gateway.Dialect;
import java.util.List;

/// What the sockets for direct messages hear: the messages of others, and of the room with oneself.
///
/// @param echo whether this is that room
record WorkspaceDirectDialect(boolean echo) implements Dialect {
  @Override
  public List<byte[]> encode(RoomEvent event) {
    return event instanceof MessagePosted message ? encode(message) : List.of();
  }

  @Override
  public List<byte[]> encode(EphemeralEvent event) {
    return List.of();
  }

  @Override
  public boolean pulls() {
    return false;
  }

  private static List<byte[]> encode(MessagePosted message) {
    var org = message.labels().getOrDefault(WorkspaceFrame.ORG, "");
    var group = message.labels().getOrDefault(WorkspaceFrame.GROUP, "");
    return WorkspaceFrame.of(message, org, group).stream().map(WorkspaceFrame::bytes).toList();
  }
}
