package dev.parley.server.compat.gochat;

import dev.parley.server.base.RoomId;
import dev.parley.server.base.UserId;
import dev.parley.server.domain.room.Room;
import java.time.Instant;

/// A room as the clients see it.
///
/// @param type `public`, `private`, `group`, or `dm`
record GoChatRoom(
    RoomId id,
    String name,
    String type,
    UserId creatorId,
    String topic,
    boolean isArchived,
    Instant createdAt) {
  static GoChatRoom of(Room room) {
    return new GoChatRoom(
        room.id(),
        room.name(),
        GoChat.type(room.kind()),
        room.createdBy(),
        room.topic(),
        room.archived(),
        room.createdAt());
  }
}
