package dev.parley.server.base;

import java.util.UUID;

/// Names one installed client of an account; its tokens live and die with it.
public record DeviceId(UUID value) implements Comparable<DeviceId> {
  /// The id of this text, which must be a UUID.
  public static DeviceId of(String text) {
    return new DeviceId(Ids.uuid("device id", text));
  }

  @Override
  public int compareTo(DeviceId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value.toString();
  }
}
