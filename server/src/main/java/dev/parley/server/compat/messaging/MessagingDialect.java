package dev.parley.server.compat.messaging;

import dev.parley.server.base.UserId;
import dev.parley.server.domain.event.EphemeralEvent;
import dev.parley.server.domain.event.RoomEvent;
import dev.parley.server.domain.event.RoomEvent.MessagePosted;
import dev.parley.server.gateway.Dialect;
import java.util.List;

/// What the sockets of a user hear of a direct room: the messages of the other one, and of the room
/// with oneself. They say what has reached them, and hear what has reached the other.
///
/// @param user whose sockets
/// @param echo whether this is the room with oneself
record MessagingDialect(UserId user, boolean echo) implements Dialect {
  @Override
  public List<byte[]> encode(RoomEvent event) {
    return event instanceof MessagePosted message
        ? MessagingFrame.of(message, user, MessagingFrame.SENT).stream()
            .map(MessagingFrame::bytes)
            .toList()
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

  @Override
  public boolean receipts() {
    return true;
  }
}
