package dev.parley.server.domain.intake;

import dev.parley.server.base.OrgId;
import dev.parley.server.base.RoomId;
import dev.parley.server.base.UserId;
import dev.parley.server.domain.access.RoomKind;
import dev.parley.server.domain.room.RoomStore.NewMember;
import java.time.Instant;
import java.util.List;

/// A room of another program.
///
/// @param creator who opened it, member or not
/// @param members those who are in it now
public record OldRoom(
    OrgId org,
    RoomId id,
    RoomKind kind,
    String name,
    String topic,
    UserId creator,
    Instant createdAt,
    List<NewMember> members) {
  public OldRoom {
    members = List.copyOf(members);
  }
}
