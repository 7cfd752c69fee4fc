package dev.parley.server.gateway;

import dev.parley.server.domain.event.EphemeralEvent;
import dev.parley.server.domain.event.RoomEvent;
import java.util.List;

/// One wire format of what happens in rooms. Equal dialects share their encodings, so a dialect
/// that needs the names of a room is a record that carries them.
public interface Dialect {
  /// The JSON texts that this event becomes, each a frame of its own; usually one, none if the
  /// dialect is silent about it.
  List<byte[]> encode(RoomEvent event);

  /// The same for what is not kept.
  List<byte[]> encode(EphemeralEvent event);

  /// Whether members get their own messages back.
  boolean echo();

  /// Whether a connection that is too slow is told so, and asks for what it missed. A dialect whose
  /// clients do not know of that gets it sent by the server as soon as the connection has room
  /// again.
  boolean pulls();

  /// Whether sessions are told when a message has left for their client, and when one has reached
  /// somebody else.
  default boolean receipts() {
    return false;
  }
}
