package dev.parley.server.compat.dual;

import dev.parley.server.domain.event.EphemeralEvent;
import dev.parley.server.domain.event.EphemeralEvent.Signal;
import dev.parley.server.domain.event.EphemeralEvent.Typing;
import dev.parley.server.domain.event.RoomEvent;
import dev.parley.server.domain.event.RoomEvent.MessagePosted;
import dev.parley.server.gateway.Dialect;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// What the sockets of a hub hear: what is said there, also by themselves, and who comes, goes and
/// types.
enum DualHubDialect implements Dialect {
  INSTANCE;

  @Override
  public List<byte[]> encode(RoomEvent event) {
    return event instanceof MessagePosted message
        ? DualFrame.of(message, "chat").stream().toList()
        : List.of();
  }

  @Override
  public List<byte[]> encode(EphemeralEvent event) {
    return Stream.of(frame(event)).flatMap(Optional::stream).toList();
  }

  @Override
  public boolean echo() {
    return true;
  }

  @Override
  public boolean pulls() {
    return false;
  }

  private static Optional<byte[]> frame(EphemeralEvent event) {
    if (event instanceof Signal signal) {
      return Optional.of(DualFrame.of(signal));
    }
    return event instanceof Typing typing && typing.active()
        ? Optional.of(DualFrame.of(typing))
        : Optional.empty();
  }
}
