package dev.parley.server.domain.room;

import dev.parley.server.base.DeviceId;
import dev.parley.server.base.RoomId;
import dev.parley.server.base.UserId;
import java.util.Collection;
import java.util.Map;

/// Asks in one question where many logs stand, and who may not stay.
public interface HeadLookup {
  /// Where the logs of these rooms and users stand, and which of these devices are signed out.
  /// Blocks.
  Heads heads(Collection<RoomId> rooms, Collection<UserId> users, Collection<DeviceId> devices);

  /// The answer. What is unknown, or was never written to, is left out.
  ///
  /// @param signedOut the devices that are signed out, or whose account is disabled, and whose they
  ///   are
  record Heads(Map<RoomId, Long> rooms, Map<UserId, Long> users, Map<DeviceId, UserId> signedOut) {}
}
