package dev.parley.server.domain.room;

import dev.parley.server.base.DeviceId;
import dev.parley.server.base.RoomId;
import dev.parley.server.base.UserId;
import java.util.Collection;
import java.util.Map;

/// Asks in one question where many logs stand, and who may not stay.
public interface HeadLookup {
  /// Where the logs of these rooms and users stand, how often the users lost access, and which of
  /// these devices are signed out. Blocks.
  Heads heads(Collection<RoomId> rooms, Collection<UserId> users, Collection<DeviceId> devices);

  /// The answer. What is unknown, or was never written to, is left out.
  ///
  /// @param reduced how often those users were let see less of an organization who ever were
  /// @param signedOut the devices that are signed out, or whose account is disabled, and whose they
  ///   are
  record Heads(
      Map<RoomId, Long> rooms,
      Map<UserId, Long> users,
      Map<UserId, Long> reduced,
      Map<DeviceId, UserId> signedOut) {}
}
