package dev.parley.server.compat;

import dev.parley.server.base.Limits;
import dev.parley.server.base.OrgId;
import dev.parley.server.base.RefusedException;
import dev.parley.server.base.RoomId;
import dev.parley.server.domain.access.AccessControl;
import dev.parley.server.domain.access.Principal;
import dev.parley.server.domain.access.RoomAccess;
import dev.parley.server.domain.access.RoomKind;
import dev.parley.server.domain.event.UserEvent;
import dev.parley.server.domain.room.InboxEntry;
import dev.parley.server.domain.room.Room;
import dev.parley.server.domain.room.Rooms;
import dev.parley.server.domain.room.UserLog;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// One client's direct rooms: those there were when its socket was asked for, and those that came
/// since. Of the former at most [Limits#SUBSCRIPTIONS]; beyond, the rooms that were silent for
/// longest are not heard. Who writes for the first time is always heard, up to
/// [Limits#ROOMS_PER_USER] in all.
///
/// Nothing is lost between the two: the place in the client's own log is read before the rooms are,
/// and from there on every new room shows in that log. Used by one thread at a time.
public final class Mailbox {
  private static final int PAGE = 500;

  private final Principal who;
  private final OrgId org;
  private final Rooms rooms;
  private final AccessControl accessControl;
  private final UserLog log;
  private final Set<RoomId> known = new HashSet<>();
  private final List<InboxEntry> inbox;
  private long seen;
  private Optional<RoomId> own = Optional.empty();

  /// Reads where everything stands.
  public Mailbox(
      Principal who, OrgId org, Rooms rooms, AccessControl accessControl, UserLog userLog) {
    this.who = who;
    this.org = org;
    this.rooms = rooms;
    this.accessControl = accessControl;
    this.log = userLog;
    this.seen = userLog.head(who.userId()).pos();
    this.inbox = rooms.inbox(org, who.userId(), Optional.of(RoomKind.DIRECT), Limits.SUBSCRIPTIONS);
  }

  /// A direct room and the event after which it is to be heard.
  ///
  /// @param own whether the client is alone in it
  public record Place(RoomAccess access, long after, boolean own) {}

  /// The rooms that there were.
  public List<Place> rooms() {
    var places = new ArrayList<Place>();
    for (var entry : inbox) {
      access(entry).ifPresent(access -> add(places, access, entry.room().head().pos()));
    }
    return places;
  }

  /// The rooms that came since the last call.
  public List<Place> news() {
    var places = new ArrayList<Place>();
    List<UserEvent> page;
    do {
      page = log.read(who.userId(), seen, PAGE);
      page.forEach(event -> take(places, event));
    } while (page.size() == PAGE);
    return places;
  }

  /// The same, when an event of the client's own log has come.
  public List<Place> news(UserEvent event) {
    if (event.pos() > seen + 1) {
      return news();
    }
    var places = new ArrayList<Place>();
    if (event.pos() == seen + 1) {
      take(places, event);
    }
    return places;
  }

  private Optional<RoomAccess> access(InboxEntry entry) {
    return accessControl.room(who, entry.room().id(), entry.standing());
  }

  private void take(List<Place> places, UserEvent event) {
    seen = event.pos();
    if (event instanceof UserEvent.RoomJoined joined && joined.org().equals(org)) {
      try {
        var access = accessControl.room(who, joined.room());
        if (access.kind() == RoomKind.DIRECT) {
          add(places, access, joined.roomPos());
        }
      } catch (RefusedException e) {
        // Nobody leaves a direct room, but what cannot be seen need not be heard.
      }
    }
  }

  private void add(List<Place> places, RoomAccess access, long after) {
    if (known.size() < Limits.ROOMS_PER_USER && known.add(access.roomId())) {
      places.add(new Place(access, after, isOwn(access.roomId())));
    }
  }

  private boolean isOwn(RoomId room) {
    if (own.isEmpty()) {
      own = rooms.findDirectOpen(org, who.userId(), who.userId()).map(Room::id);
    }
    return own.equals(Optional.of(room));
  }
}
