package dev.parley.server.domain.room;

import dev.parley.server.base.OrgId;
import dev.parley.server.base.RoomId;
import dev.parley.server.base.UserId;
import java.util.List;

/// Keeps which events of a direct room have reached a member, and which of that the sender has been
/// told of. Unlike the delivery mark of a membership this has holes: somebody may hear today's
/// message and not yesterday's. Only rooms in which receipts are expected have any. One method is
/// one transaction.
public interface ReceiptStore {
  /// Begins to keep what reaches a member; nothing happens if that is done already.
  void expect(OrgId org, RoomId room, UserId user);

  /// Adds to what has reached a member, if that is kept.
  ///
  /// @return what of it is new
  List<Stretch> receive(OrgId org, RoomId room, UserId user, Stretch stretch);

  /// What has reached a member, ascending.
  List<Stretch> received(OrgId org, RoomId room, UserId user);

  /// What has reached the other members of a user's rooms in an organization without the user
  /// having been told, at most `limit` stretches.
  List<Receipt> untold(OrgId org, UserId user, int limit);

  /// Adds to what a user has been told of.
  void tell(OrgId org, RoomId room, UserId user, Stretch stretch);

  /// Positions in a room's log, both ends included.
  record Stretch(long first, long last) {
    /// Whether a position lies in it.
    public boolean has(long pos) {
      return first <= pos && pos <= last;
    }
  }

  /// Something that reached somebody.
  record Receipt(RoomId room, UserId by, Stretch stretch) {}
}
