package dev.parley.server.compat.gochat;

import dev.parley.server.base.RoomId;
import dev.parley.server.base.UserId;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// How many sockets of this node somebody has in a room: who closes one of two windows has not
/// gone. Holds no more than the sockets hear rooms. Thread-safe.
final class Attendance {
  private final ConcurrentHashMap<Seat, Integer> seats = new ConcurrentHashMap<>();

  private record Seat(RoomId room, UserId user) {}

  /// One more.
  void come(RoomId room, UserId user) {
    seats.merge(new Seat(room, user), 1, Integer::sum);
  }

  /// One less; whether it was the last.
  boolean go(RoomId room, UserId user) {
    return seats.computeIfPresent(new Seat(room, user), (_, sockets) -> less(sockets)) == null;
  }

  private static @Nullable Integer less(int sockets) {
    return sockets == 1 ? null : sockets - 1;
  }
}
