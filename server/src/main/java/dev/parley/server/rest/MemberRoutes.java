package dev.parley.server.rest;

import dev.parley.server.base.OrgId;
import dev.parley.server.base.Refusal;
import dev.parley.server.base.RoomId;
import dev.parley.server.base.UserId;
import dev.parley.server.domain.access.AccessControl;
import dev.parley.server.domain.access.Principal;
import dev.parley.server.domain.access.Role;
import dev.parley.server.domain.access.RoomAccess;
import dev.parley.server.domain.room.Member;
import dev.parley.server.domain.room.Members;
import dev.parley.server.rest.http.Answer;
import dev.parley.server.rest.http.Api;
import dev.parley.server.rest.http.Call;
import dev.parley.server.rest.http.Dialect;
import dev.parley.server.rest.http.Verb;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Who is in a room, and how they come and go.
public final class MemberRoutes {
  private static final Dialect DIALECT = Dialect.ofNative("Members");
  private static final String ROOM = "/api/v1/rooms/{room_id}";
  private static final String MEMBERS = ROOM + "/members";
  private static final String MEMBER = MEMBERS + "/{user_id}";
  private static final String BAN = ROOM + "/bans/{user_id}";
  private static final int PAGE = 100;
  private static final long DAY = Duration.ofDays(1).toSeconds();

  private final Members members;
  private final AccessControl access;
  private final People people;

  public MemberRoutes(Members members, AccessControl access, People people) {
    this.members = members;
    this.access = access;
    this.people = people;
  }

  /// Somebody of a room.
  ///
  /// @param readSeq how far they have read
  /// @param deliveredPos how far a device of theirs has received
  record MemberView(UserId userId, Role role, Instant joinedAt, long readSeq, long deliveredPos) {}

  /// A page of members.
  ///
  /// @param more whether to ask again with `after` set to the last user id
  record MemberList(List<MemberView> members, boolean more) {}

  /// How far the reader has come.
  record MarkRead(long messageId) {}

  /// A wish for an invitation: one use and one day if nothing is said.
  record CreateInvite(@Nullable Integer uses, @Nullable Long expiresIn) {}

  /// An invitation; its code is shown this once.
  record InviteView(String code, Instant expiresAt, int uses) {}

  /// The room that one has come into.
  record JoinedRoom(RoomId roomId) {}

  public void register(Api api) {
    api.route(DIALECT, Verb.GET, MEMBERS, "listMembers", "Members, ascending by user id")
        .query("after", "Only those after this user id")
        .number("limit", "How many, 100 if absent, 500 at most")
        .gives(200, MemberList.class)
        .mayLook(this::list);
    api.route(
            DIALECT, Verb.POST, MEMBERS, "addMember", "Makes somebody of the organization a member")
        .takes(NewMember.class)
        .givesNothing()
        .inRoom(Role.GUEST, this::add);
    api.route(DIALECT, Verb.PATCH, MEMBER, "changeMember", "Gives a member another role")
        .takes(ChangeRole.class)
        .givesNothing()
        .inRoom(Role.GUEST, this::changeRole);
    api.route(DIALECT, Verb.DELETE, MEMBER, "removeMember", "Sends a member away")
        .givesNothing()
        .inRoom(Role.GUEST, this::remove);
    api.route(DIALECT, Verb.POST, ROOM + "/join", "joinRoom", "Becomes a member of a public room")
        .givesNothing()
        .mayLook((_, room) -> done(() -> members.join(room)));
    api.route(DIALECT, Verb.POST, ROOM + "/leave", "leaveRoom", "Stops being a member")
        .givesNothing()
        .inRoom(Role.GUEST, (_, room) -> done(() -> members.leave(room)));
    api.route(DIALECT, Verb.POST, ROOM + "/read", "markRead", "Moves your read marker forward")
        .takes(MarkRead.class)
        .givesNothing()
        .inRoom(Role.GUEST, this::read);
    registerBansAndInvites(api);
  }

  private void registerBansAndInvites(Api api) {
    api.route(DIALECT, Verb.POST, BAN, "ban", "Sends somebody away for good")
        .givesNothing()
        .inRoom(Role.GUEST, (call, room) -> done(() -> members.ban(room, call.userId())));
    api.route(DIALECT, Verb.DELETE, BAN, "unban", "Lifts a ban")
        .givesNothing()
        .inRoom(Role.GUEST, (call, room) -> done(() -> members.unban(room, call.userId())));
    api.route(DIALECT, Verb.POST, ROOM + "/invites", "createInvite", "Makes an invitation code")
        .takes(CreateInvite.class)
        .gives(201, InviteView.class)
        .inRoom(Role.GUEST, this::invite);
    api.route(
            DIALECT,
            Verb.POST,
            "/api/v1/invites/{code}/accept",
            "acceptInvite",
            "Becomes a member of the room that a code leads to")
        .gives(200, JoinedRoom.class)
        .signedIn(this::accept);
  }

  private Answer list(Call call, RoomAccess room) {
    int limit = call.limit(PAGE);
    var page = members.list(room, call.query("after").map(UserId::new), limit + 1);
    return Answer.ok(
        new MemberList(
            page.stream().limit(limit).map(MemberRoutes::view).toList(), page.size() > limit));
  }

  private Answer add(Call call, RoomAccess room) {
    var wish = call.body(NewMember.class);
    members.add(room, wish.user(people), wish.roleOr(Role.MEMBER));
    return Answer.done();
  }

  private Answer changeRole(Call call, RoomAccess room) {
    members.changeRole(room, call.userId(), call.body(ChangeRole.class).role());
    return Answer.done();
  }

  private Answer remove(Call call, RoomAccess room) {
    members.remove(room, call.userId());
    return Answer.done();
  }

  private Answer read(Call call, RoomAccess room) {
    members.read(room, call.body(MarkRead.class).messageId());
    return Answer.done();
  }

  private Answer invite(Call call, RoomAccess room) {
    var wish = call.body(CreateInvite.class);
    var life = Duration.ofSeconds(Objects.requireNonNullElse(wish.expiresIn(), DAY));
    var invite = members.invite(room, Objects.requireNonNullElse(wish.uses(), 1), life);
    return Answer.created(
        new InviteView(
            InviteCode.of(room.orgId(), invite.code()), invite.expiresAt(), invite.uses()));
  }

  private Answer accept(Call call, Principal.Account account) {
    var code = InviteCode.parse(call.path("code"));
    var org = access.org(account, code.org());
    return Answer.ok(new JoinedRoom(members.accept(org, code.secret())));
  }

  private static Answer done(Runnable act) {
    act.run();
    return Answer.done();
  }

  private static MemberView view(Member member) {
    return new MemberView(
        member.user(), member.role(), member.joinedAt(), member.readSeq(), member.deliveredPos());
  }

  /// A code as people pass it on: it says in which organization to look.
  private record InviteCode(OrgId org, String secret) {
    private static final int UUID_LENGTH = 36;

    static String of(OrgId org, String secret) {
      return org + "." + secret;
    }

    static InviteCode parse(String code) {
      if (code.length() <= UUID_LENGTH + 1 || code.charAt(UUID_LENGTH) != '.') {
        throw Refusal.notFound("no such invitation, or it is used up or expired");
      }
      return new InviteCode(
          OrgId.of(code.substring(0, UUID_LENGTH)), code.substring(UUID_LENGTH + 1));
    }
  }
}
