package dev.parley.server.compat.workspace;

import dev.parley.server.domain.event.EphemeralEvent;
import dev.parley.server.domain.event.RoomEvent;
import dev.parley.server.domain.event.RoomEvent.MessagePosted;
import dev.parley.server.gateway.Dialect;
import java.util.List;

/// What the sockets of a group hear: messages, also their own, and nothing else.
///
/// @param org the organization's id in the clients' words
/// @param group the group's
record WorkspaceGroupDialect(String org, String group) implements Dialect {
  @Override
  public List<byte[]> encode(RoomEvent event) {
    return event instanceof MessagePosted message ? encode(message) : List.of();
  }

  @Override
  public List<byte[]> encode(EphemeralEvent event) {
    return List.of();
  }

  @Override
  public boolean echo() {
    return true;
  }

  @Override
  public boolean pulls() {
    return false;
  }

  private List<byte[]> encode(MessagePosted message) {
    var to = message.labels().containsKey(WorkspaceFrame.TO_ALL) ? "" : group;
    return WorkspaceFrame.of(message, org, to).stream().map(WorkspaceFrame::bytes).toList();
  }
}
