package dev.parley.server.compat.messaging;

import dev.parley.server.base.Ids;
import dev.parley.server.base.Names;
import dev.parley.server.base.OrgId;
import dev.parley.server.base.Refusal;
import dev.parley.server.base.RefusedException;
import dev.parley.server.base.UserId;
import dev.parley.server.compat.Mailbox;
import dev.parley.server.domain.access.AccessControl;
import dev.parley.server.domain.access.Principal;
import dev.parley.server.domain.access.RoomAccess;
import dev.parley.server.domain.message.Messages;
import dev.parley.server.domain.message.NewMessage;
import dev.parley.server.domain.org.Organizations;
import dev.parley.server.domain.presence.Circle;
import dev.parley.server.domain.room.Receipts;
import dev.parley.server.domain.room.Rooms;
import dev.parley.server.domain.room.UserLog;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The second seed's world in our words, twice: names that prove nothing write to each other in
/// direct rooms of a reserved open organization, accounts in those of an organization that the
/// server keeps. There is no way from one to the other.
public final class Messaging {
  /// The organization of accounts, the same on every server.
  static final OrgId ORG = OrgId.of("d0a1c4a7-0000-8000-8000-000000000002");

  static final String FAMILY = "msg";
  static final String OPEN_HANDLE = "msg.dm";
  static final String NAME = "Messaging service";
  private static final int ID_LENGTH = 128;
  private static final Circle OPEN_CIRCLE = new Circle("msg.open");
  private static final Circle CIRCLE = new Circle("msg");

  private final Organizations organizations;
  private final Rooms rooms;
  private final Messages messages;
  private final Receipts receipts;
  private final AccessControl accessControl;
  private final UserLog userLog;
  private final Ids ids;

  /// Found or founded once; an organization's id never changes.
  private volatile @Nullable OrgId openOrg;

  private volatile boolean founded;

  public Messaging(
      Organizations organizations,
      Rooms rooms,
      Messages messages,
      Receipts receipts,
      AccessControl accessControl,
      UserLog userLog,
      Ids ids) {
    this.organizations = organizations;
    this.rooms = rooms;
    this.messages = messages;
    this.receipts = receipts;
    this.accessControl = accessControl;
    this.userLog = userLog;
    this.ids = ids;
  }

  /// Somebody who only says a name.
  ///
  /// @throws RefusedException bad_request for names that cannot be kept
  static Principal.Open open(String name) {
    return new Principal.Open(openId(name));
  }

  /// Those who are connected and can be seen by somebody.
  static Circle circle(Principal who) {
    return who instanceof Principal.Open ? OPEN_CIRCLE : CIRCLE;
  }

  /// Whom somebody means by an id.
  ///
  /// @throws RefusedException bad_request for ids that cannot be kept
  static UserId other(Principal who, String id) {
    if (who instanceof Principal.Open) {
      return openId(id);
    }
    if (id.startsWith("open:")) {
      throw Refusal.badRequest("no such user");
    }
    try {
      return UserId.account(id);
    } catch (RefusedException e) {
      return new UserId(checked(id));
    }
  }

  /// The right to the direct room of two people, which is opened if there is none.
  RoomAccess direct(Principal who, UserId other) {
    var org = org(who);
    if (org.equals(ORG)) {
      organizations.enrol(ORG, other);
    }
    var access = accessControl.room(who, rooms.directOpen(org, who.userId(), other).id());
    receipts.expect(access, other);
    return access;
  }

  /// The same, if there is such a room.
  Optional<RoomAccess> findDirect(Principal who, UserId other) {
    return rooms
        .findDirectOpen(org(who), who.userId(), other)
        .map(room -> accessControl.room(who, room.id()));
  }

  /// Everything that somebody needs to hear messages from now on.
  Mailbox mailbox(Principal who) {
    return new Mailbox(who, org(who), rooms, accessControl, userLog);
  }

  /// Where somebody's direct rooms lie.
  OrgId org(Principal who) {
    return switch (who) {
      case Principal.Open _ -> openOrg();
      case Principal.Account account -> {
        if (!founded) {
          organizations.reserve(ORG, NAME);
          founded = true;
        }
        organizations.enrol(ORG, account.userId());
        yield ORG;
      }
    };
  }

  /// A message with an op of our own: these clients do not know of any.
  NewMessage message(String content) {
    return NewMessage.text(ids.uuid(), content);
  }

  Messages messages() {
    return messages;
  }

  Receipts receipts() {
    return receipts;
  }

  Rooms rooms() {
    return rooms;
  }

  AccessControl accessControl() {
    return accessControl;
  }

  private OrgId openOrg() {
    var known = openOrg;
    if (known == null) {
      known =
          organizations
              .findOpen(OPEN_HANDLE)
              .or(() -> organizations.createOpen(openId(""), OPEN_HANDLE, NAME))
              .or(() -> organizations.findOpen(OPEN_HANDLE))
              .orElseThrow()
              .id();
      openOrg = known;
    }
    return known;
  }

  static UserId openId(String name) {
    return UserId.open(FAMILY, checked(name));
  }

  private static String checked(String id) {
    if (id.codePointCount(0, id.length()) > ID_LENGTH) {
      throw Refusal.badRequest("a user id has at most " + ID_LENGTH + " characters");
    }
    return Names.storable("user id", id);
  }
}
