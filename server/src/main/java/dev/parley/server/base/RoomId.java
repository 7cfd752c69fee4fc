package dev.parley.server.base;

import java.util.UUID;

/// Names a room.
public record RoomId(UUID value) implements Comparable<RoomId> {
  /// The id of this text, which must be a UUID.
  public static RoomId of(String text) {
    return new RoomId(Ids.uuid("room id", text));
  }

  @Override
  public int compareTo(RoomId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value.toString();
  }
}
