package dev.parley.server.gateway;

import dev.parley.protocol.EventCodec;
import dev.parley.protocol.ServerEvent;
import dev.parley.protocol.ServerEvent.InboxRoom;
import dev.parley.server.base.Limits;
import dev.parley.server.base.RoomId;
import dev.parley.server.domain.access.RoomAccess;
import dev.parley.server.domain.room.InboxEntry;
import dev.parley.server.domain.room.Room;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The rooms that one native session hears, and by which right. Session's own thread.
final class OpenRooms {
  private final Connection connection;
  private final Map<RoomId, RoomAccess> rooms = new HashMap<>(4);
  private @Nullable List<Connection.Wish> held;

  OpenRooms(Connection connection) {
    this.connection = connection;
  }

  Optional<RoomAccess> find(RoomId room) {
    return Optional.ofNullable(rooms.get(room));
  }

  /// Remembers by which right a room that is open is heard now; whether it is open.
  boolean renew(RoomAccess access) {
    return rooms.computeIfPresent(access.roomId(), (room, before) -> access) != null;
  }

  boolean isFull() {
    return rooms.size() >= Limits.SUBSCRIPTIONS;
  }

  /// Hears a room from the event after a position, which the client is told of.
  void open(RoomAccess access, Room room, long after) {
    connection.send(
        EventCodec.encode(new ServerEvent.Inbox(List.of(line(room, after)), "", isFull())));
    open(access, after);
  }

  /// Hears a room from the event after a position, unless it is open already.
  ///
  /// @return false if the connection hears as many rooms as it may
  boolean open(RoomAccess access, long after) {
    if (rooms.containsKey(access.roomId())) {
      return true;
    }
    if (isFull()) {
      return false;
    }
    rooms.put(access.roomId(), access);
    if (held == null) {
      connection.subscribe(access, NativeDialect.INSTANCE, after);
    } else {
      held.add(new Connection.Wish(access, after));
    }
    return true;
  }

  /// From now on rooms are only noted, until [#openHeld].
  void hold() {
    held = new ArrayList<>();
  }

  /// Hears all rooms that were noted.
  ///
  /// @param heads where rooms stand; blocks
  void openHeld(Function<Collection<RoomId>, Map<RoomId, Long>> heads) {
    if (held != null && !held.isEmpty()) {
      connection.subscribe(held, NativeDialect.INSTANCE, heads);
    }
    held = null;
  }

  void forget(RoomId room) {
    rooms.remove(room);
  }

  static InboxRoom line(InboxEntry entry) {
    return line(
        entry.room(), entry.room().head().pos(), entry.readSeq(), entry.unread(), entry.mentions());
  }

  private static InboxRoom line(Room room, long pos) {
    return line(room, pos, room.head().seq(), 0, 0);
  }

  private static InboxRoom line(Room room, long pos, long readSeq, long unread, long mentions) {
    return new InboxRoom(
        room.id().toString(),
        room.org().toString(),
        room.kind().wireName(),
        room.name(),
        room.head().epoch(),
        pos,
        room.head().seq(),
        readSeq,
        unread,
        mentions);
  }
}
