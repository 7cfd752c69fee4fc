package dev.parley.client;

import dev.parley.protocol.Cursor;
import dev.parley.protocol.ServerEvent.InRoom;
import dev.parley.protocol.ServerEvent.Inbox;
import dev.parley.protocol.ServerEvent.InboxRoom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The cursors of all rooms that this client has heard of. Client thread only.
final class Rooms {
  /// Rooms that are followed at most. Beyond it the one that was quiet for longest and is not open
  /// is forgotten; it starts anew with its next event.
  static final int FOLLOWED = 5_000;

  private final LinkedHashMap<String, RoomCursor> rooms = new LinkedHashMap<>(64, 0.75f, true);
  private final Map<String, Long> unacknowledged = new HashMap<>();

  /// Takes one event in and answers with those that are due now, in order.
  List<InRoom> accept(InRoom event) {
    var room = room(event.roomId());
    var due = room.accept(event);
    if (!due.isEmpty()) {
      unacknowledged.put(event.roomId(), room.pos());
    }
    return due;
  }

  /// Learns epochs and heads.
  ///
  /// @return the rooms whose cursors are void because their log was replaced
  List<InboxRoom> learn(Inbox inbox) {
    var voided = new ArrayList<InboxRoom>();
    for (var line : inbox.rooms()) {
      if (room(line.roomId()).follow(line.epoch(), line.pos())) {
        voided.add(line);
      }
    }
    return voided;
  }

  /// The server says how far each log reaches.
  void reach(Map<String, Long> heads) {
    heads.forEach((room, head) -> room(room).reachesTo(head));
  }

  void reach(String room, long head) {
    room(room).reachesTo(head);
  }

  /// Wants a room's log without a hole, from after `cursor` or, without one, from now on.
  ///
  /// @return whether that place is void because it belongs to another history
  boolean open(String roomId, @Nullable String epoch, @Nullable Long pos) {
    if (pos == null) {
      room(roomId).openHere();
      return false;
    }
    return room(roomId).open(epoch, pos);
  }

  void forget(String roomId) {
    rooms.remove(roomId);
    unacknowledged.remove(roomId);
  }

  Optional<RoomCursor> find(String roomId) {
    return Optional.ofNullable(rooms.get(roomId));
  }

  /// What to resume from: the cursors of the opened rooms.
  Map<String, Cursor> resumable() {
    var cursors = new LinkedHashMap<String, Cursor>();
    for (var entry : rooms.entrySet()) {
      if (entry.getValue().isOpened()) {
        entry.getValue().cursor().ifPresent(cursor -> cursors.put(entry.getKey(), cursor));
      }
    }
    return cursors;
  }

  /// What resuming after this event takes, or null as long as the room's epoch is unknown.
  @Nullable Cursor place(InRoom event) {
    return room(event.roomId()).at(event.pos());
  }

  /// Where one room has a hole that nobody is pulling; it counts as being pulled now.
  OptionalLong hole(String roomId) {
    return takeOver(room(roomId), RoomCursor::hole);
  }

  /// At most `limit` rooms with a hole that nobody is pulling; they count as being pulled now.
  Map<String, Long> holes(int limit) {
    return takeOver(RoomCursor::hole, limit);
  }

  /// At most `limit` opened rooms of which the server has told nothing on this connection: only a
  /// pull can tell whether something is there. They count as being pulled now.
  Map<String, Long> blind(int limit) {
    return takeOver(RoomCursor::blind, limit);
  }

  private Map<String, Long> takeOver(Function<RoomCursor, OptionalLong> need, int limit) {
    var taken = new LinkedHashMap<String, Long>();
    for (var entry : rooms.entrySet()) {
      if (taken.size() >= limit) {
        break;
      }
      takeOver(entry.getValue(), need).ifPresent(after -> taken.put(entry.getKey(), after));
    }
    return taken;
  }

  private static OptionalLong takeOver(RoomCursor room, Function<RoomCursor, OptionalLong> need) {
    var after = need.apply(room);
    after.ifPresent(pos -> room.pulling());
    return after;
  }

  void disconnected() {
    rooms.values().forEach(RoomCursor::disconnected);
  }

  /// How far rooms were delivered since the last call.
  Map<String, Long> takeUnacknowledged() {
    var taken = Map.copyOf(unacknowledged);
    unacknowledged.clear();
    return taken;
  }

  private RoomCursor room(String roomId) {
    var room = rooms.get(roomId);
    if (room == null) {
      makeSpace();
      room = new RoomCursor();
      rooms.put(roomId, room);
    }
    return room;
  }

  private void makeSpace() {
    if (rooms.size() < FOLLOWED) {
      return;
    }
    var quietest =
        rooms.entrySet().stream().filter(room -> !room.getValue().isOpened()).findFirst();
    quietest.ifPresent(room -> forget(room.getKey()));
  }
}
