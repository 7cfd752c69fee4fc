package dev.parley.server.compat.gochat;

import dev.parley.server.base.Refusal;
import dev.parley.server.base.RefusedException;
import dev.parley.server.base.RoomId;
import dev.parley.server.base.UserId;
import dev.parley.server.domain.access.Principal;
import dev.parley.server.domain.access.Role;
import dev.parley.server.domain.access.RoomAccess;
import dev.parley.server.domain.room.Member;
import dev.parley.server.domain.room.Members;
import dev.parley.server.rest.http.Answer;
import dev.parley.server.rest.http.Api;
import dev.parley.server.rest.http.Call;
import dev.parley.server.rest.http.Verb;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Who is in the third seed's rooms, and the ways in that its README forgot: a member brings
/// somebody, or an invitation does.
public final class GoChatMemberRoutes {
  private static final String MEMBERS = GoChatRoomRoutes.ROOM + "/members";
  private static final String MEMBER = MEMBERS + "/{user_id}";
  private static final int PAGE = 100;
  private static final long DAY = Duration.ofDays(1).toSeconds();

  private final GoChat chat;
  private final GoChatPeople people;
  private final Members members;

  public GoChatMemberRoutes(GoChat chat, GoChatPeople people, Members members) {
    this.chat = chat;
    this.people = people;
    this.members = members;
  }

  /// Somebody to become a member, by id or by name.
  record NewMember(@Nullable String userId, @Nullable String username, @Nullable String role) {}

  /// Somebody of a room.
  record MemberView(
      UserId userId,
      String username,
      String role,
      String status,
      @Nullable Instant lastSeen,
      Instant joinedAt) {}

  /// A wish for an invitation: one use and one day if nothing is said.
  record NewInvite(@Nullable Integer uses, @Nullable Long expiresIn) {}

  /// An invitation; its code is shown this once.
  record InviteView(String code, Instant expiresAt, int uses) {}

  /// Somebody who has an invitation.
  record UseInvite(@Nullable String code) {}

  /// The room that one has come into.
  record Joined(String status, RoomId roomId) {}

  public void register(Api api) {
    GoChatRoomRoutes.route(api, Verb.GET, MEMBERS, "chatMembers", "Members, by id")
        .query("after", "Only those after this user id")
        .number("limit", "How many, 100 if absent, 500 at most")
        .givesList(200, MemberView.class)
        .signedIn(this::list);
    GoChatRoomRoutes.route(api, Verb.POST, MEMBERS, "chatAddMember", "Makes somebody a member")
        .takes(NewMember.class)
        .gives(201, GoChatRoomRoutes.Done.class)
        .signedIn(this::add);
    GoChatRoomRoutes.route(api, Verb.DELETE, MEMBER, "chatRemoveMember", "Ends a membership")
        .gives(200, GoChatRoomRoutes.Done.class)
        .signedIn(this::remove);
    GoChatRoomRoutes.route(
            api, Verb.POST, GoChatRoomRoutes.ROOM + "/invites", "chatInvite", "Makes an invitation")
        .takes(NewInvite.class)
        .gives(201, InviteView.class)
        .signedIn(this::invite);
    GoChatRoomRoutes.route(
            api, Verb.POST, GoChatRoomRoutes.ROOMS + "/join", "chatJoin", "Uses an invitation")
        .takes(UseInvite.class)
        .gives(200, Joined.class)
        .signedIn(this::join);
  }

  private Answer list(Call call, Principal.Account who) {
    var room = chat.enter(who, call.path("room_id"));
    var page = members.list(room, call.query("after").map(GoChatPeople::id), call.limit(PAGE));
    return Answer.ok(views(room, page));
  }

  private List<MemberView> views(RoomAccess room, List<Member> page) {
    var users = people.met(room, page.stream().map(Member::user).toList());
    return page.stream().map(member -> view(member, users)).toList();
  }

  private static MemberView view(Member member, Map<UserId, GoChatUser> users) {
    var user = Objects.requireNonNull(users.get(member.user()));
    return new MemberView(
        user.id(),
        user.username(),
        GoChat.role(member.role()),
        user.status(),
        user.lastSeen(),
        member.joinedAt());
  }

  private Answer add(Call call, Principal.Account who) {
    var wish = GoChatErrors.body(call, NewMember.class);
    var room = chat.member(who, call.path("room_id"));
    try {
      members.add(room, user(wish), role(wish.role()));
    } catch (RefusedException e) {
      if (e.refusal() instanceof Refusal.NotFound) {
        throw Refusal.notFound("User not found");
      }
      throw e;
    }
    return Answer.created(GoChatRoomRoutes.Done.SUCCESS);
  }

  private UserId user(NewMember wish) {
    var name = wish.username();
    if (wish.userId() == null && name != null) {
      return people.named(name);
    }
    return GoChatPeople.id(Objects.requireNonNullElse(wish.userId(), ""));
  }

  private Answer remove(Call call, Principal.Account who) {
    var room = chat.member(who, call.path("room_id"));
    var user = GoChatPeople.id(call.path("user_id"));
    if (user.equals(who.userId())) {
      members.leave(room);
    } else {
      members.remove(room, user);
    }
    return Answer.ok(GoChatRoomRoutes.Done.SUCCESS);
  }

  private Answer invite(Call call, Principal.Account who) {
    var wish = GoChatErrors.body(call, NewInvite.class);
    var room = chat.member(who, call.path("room_id"));
    var life = Duration.ofSeconds(Objects.requireNonNullElse(wish.expiresIn(), DAY));
    var invite = members.invite(room, Objects.requireNonNullElse(wish.uses(), 1), life);
    return Answer.created(new InviteView(invite.code(), invite.expiresAt(), invite.uses()));
  }

  private Answer join(Call call, Principal.Account who) {
    var code = Objects.requireNonNullElse(GoChatErrors.body(call, UseInvite.class).code(), "");
    return Answer.ok(new Joined("success", members.accept(chat.hall(who), code)));
  }

  private static Role role(@Nullable String name) {
    return switch (name) {
      case null -> Role.MEMBER;
      case "", "member" -> Role.MEMBER;
      case "moderator" -> Role.MODERATOR;
      case "admin" -> Role.ADMIN;
      default -> throw Refusal.badRequest("Invalid role");
    };
  }
}
