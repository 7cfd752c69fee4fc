package dev.parley.server.compat;

import dev.parley.server.base.UserId;
import dev.parley.server.domain.access.RoomAccess;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.function.Function;

/// The direct rooms that one client wrote to lately. Used by one thread at a time.
public final class Partners {
  /// How many are remembered; beyond, the one that was written to longest ago is looked up again.
  private static final int MOST = 64;

  private final Function<UserId, RoomAccess> lookup;
  private final SequencedMap<UserId, RoomAccess> known = new LinkedHashMap<>(4, 0.75f, true);

  /// @param lookup finds or makes the room with somebody
  public Partners(Function<UserId, RoomAccess> lookup) {
    this.lookup = lookup;
  }

  /// The room with this partner.
  public RoomAccess access(UserId partner) {
    // Not computeIfAbsent: the lookup may be refused.
    var access = known.get(partner);
    if (access == null) {
      access = lookup.apply(partner);
      known.put(partner, access);
      if (known.size() > MOST) {
        known.pollFirstEntry();
      }
    }
    return access;
  }
}
