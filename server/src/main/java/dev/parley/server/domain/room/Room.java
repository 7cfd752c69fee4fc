package dev.parley.server.domain.room;

import dev.parley.server.base.OrgId;
import dev.parley.server.base.RoomId;
import dev.parley.server.base.UserId;
import dev.parley.server.domain.access.RoomKind;
import java.time.Instant;
import java.util.Optional;

/// Where messages live.
///
/// @param alias a name that is unique in the organization: the pair of a direct room, or what a
///   client of the open realm calls it
/// @param head where its log stands
public record Room(
    OrgId org,
    RoomId id,
    RoomKind kind,
    Optional<String> alias,
    String name,
    String topic,
    boolean archived,
    UserId createdBy,
    Instant createdAt,
    RoomLog.Head head) {
  /// The alias of the one direct room of two users. The length in front keeps `a` + `b_c` and `a_b`
  /// + `c` apart.
  public static String directAlias(UserId one, UserId other) {
    var first = one.compareTo(other) <= 0 ? one : other;
    var second = first.equals(one) ? other : one;
    return "dm:" + first.value().length() + ":" + first.value() + ":" + second.value();
  }
}
