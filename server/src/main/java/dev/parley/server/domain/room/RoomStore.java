package dev.parley.server.domain.room;

import dev.parley.server.base.OrgId;
import dev.parley.server.base.RoomId;
import dev.parley.server.base.UserId;
import dev.parley.server.domain.access.Role;
import dev.parley.server.domain.access.RoomKind;
import dev.parley.server.domain.event.Committed;
import dev.parley.server.domain.event.RoomEvent.LeaveReason;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Keeps rooms and their members. One method is one transaction, in which the change and its event
/// in the room's log are committed together and the actor's standing is read once more.
public interface RoomStore {
  /// Keeps a new room with its first members; its log begins with a `RoomChanged` and one
  /// `MemberJoined` each, all at the moment of its creation. If the alias is taken, the room that
  /// has it is returned and nothing changes. Refuses with quota if its creator is to be in it and
  /// has too many.
  Created create(Room room, List<NewMember> members);

  /// A room by its id.
  Optional<Room> find(OrgId org, RoomId room);

  /// A room by its alias.
  Optional<Room> findAlias(OrgId org, String alias);

  /// The public rooms of an organization, and the private ones of the user, oldest first, at most
  /// `limit`.
  List<Room> list(OrgId org, UserId user, int limit);

  /// How many public rooms an organization has.
  long countPublic(OrgId org);

  /// The rooms of a user in all organizations, each with whether it changed since the mark.
  Inbox inbox(UserId user, Optional<String> mark, int limit);

  /// The rooms of a user in one organization, of one kind if it is named, those in which something
  /// happened last first, at most `limit`. All count as changed.
  List<InboxEntry> inbox(OrgId org, UserId user, Optional<RoomKind> kind, int limit);

  /// The rooms that a user is a member of, in all organizations and no particular order, at most
  /// `limit`.
  List<RoomId> roomsOf(UserId user, int limit);

  /// Gives a room another name, topic or archived flag.
  Committed change(
      OrgId org, RoomId room, UserId actor, String name, String topic, boolean archived);

  /// Members, ascending by user id, those after `after` only, at most `limit`.
  List<Member> members(OrgId org, RoomId room, Optional<UserId> after, int limit);

  /// Makes a user a member; nothing happens if they are one. A banned user is refused. The actor
  /// must belong to the organization, and to make somebody else a member have a role in the room
  /// that suffices for the new one ([Role#toGive]), both at the moment of the commit.
  Committed addMember(OrgId org, RoomId room, UserId actor, NewMember member);

  /// Ends a membership. Removing or banning somebody else needs a role above theirs at the moment
  /// of the commit. A ban also holds for users who were no members.
  Committed endMembership(OrgId org, RoomId room, UserId actor, UserId user, LeaveReason reason);

  /// Lifts a ban. The actor must be a moderator at the moment of the commit.
  void unban(OrgId org, RoomId room, UserId actor, UserId user);

  /// Gives a member another role; the actor must outrank the old and the new one.
  Committed changeRole(OrgId org, RoomId room, UserId actor, UserId user, Role role);

  /// Moves the read marker forward, never back; empty if it did not move.
  Optional<ReadMark> markRead(OrgId org, RoomId room, UserId user, long messageId);

  /// Moves delivery marks forward, never back.
  void markDelivered(List<Delivery> deliveries);

  /// Keeps an invitation. Who makes it must be a member at the moment of the commit.
  void createInvite(Invite invite);

  /// The room that an unused, unexpired invitation leads to; takes one use of it and makes the user
  /// a member.
  Optional<Accepted> acceptInvite(OrgId org, String codeHash, UserId user, Instant now);

  /// A room that was created, or that was there.
  record Created(Room room, boolean fresh, Committed committed) {}

  /// Somebody to become a member.
  record NewMember(UserId user, Role role) {}

  /// A read marker that moved.
  record ReadMark(long seq, Committed committed) {}

  /// How far a user's device has received a room.
  record Delivery(OrgId org, RoomId room, UserId user, long pos) {}

  /// An invitation; only the hash of its code is kept.
  record Invite(
      OrgId org, RoomId room, String codeHash, UserId createdBy, Instant expiresAt, int uses) {}

  /// An invitation that was accepted.
  record Accepted(RoomId room, Committed committed) {}
}
