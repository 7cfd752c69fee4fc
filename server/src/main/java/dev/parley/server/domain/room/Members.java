package dev.parley.server.domain.room;

import dev.parley.server.base.Ids;
import dev.parley.server.base.Limits;
import dev.parley.server.base.Names;
import dev.parley.server.base.Refusal;
import dev.parley.server.base.RoomId;
import dev.parley.server.base.UserId;
import dev.parley.server.domain.access.MembershipLookup;
import dev.parley.server.domain.access.OrgAccess;
import dev.parley.server.domain.access.Principal;
import dev.parley.server.domain.access.Role;
import dev.parley.server.domain.access.RoomAccess;
import dev.parley.server.domain.access.RoomKind;
import dev.parley.server.domain.event.EphemeralEvent;
import dev.parley.server.domain.event.EventBus;
import dev.parley.server.domain.event.RoomEvent.LeaveReason;
import dev.parley.server.domain.limit.RateLimit;
import dev.parley.server.domain.limit.RateLimiter;
import dev.parley.server.domain.room.RoomStore.Delivery;
import dev.parley.server.domain.room.RoomStore.Invite;
import dev.parley.server.domain.room.RoomStore.NewMember;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/// Who is in a room, and how they come and go.
public final class Members {
  private static final Duration LONGEST_INVITE = Duration.ofDays(30);
  private static final int CODE_BYTES = 18;

  private final RoomStore store;
  private final MembershipLookup memberships;
  private final TypingSignals typing;
  private final RateLimiter limiter;
  private final EventBus bus;
  private final Ids ids;
  private final InstantSource clock;

  public Members(
      RoomStore store,
      MembershipLookup memberships,
      TypingSignals typing,
      RateLimiter limiter,
      EventBus bus,
      Ids ids,
      InstantSource clock) {
    this.store = store;
    this.memberships = memberships;
    this.typing = typing;
    this.limiter = limiter;
    this.bus = bus;
    this.ids = ids;
    this.clock = clock;
  }

  /// One page of members, ascending by user id.
  public List<Member> list(RoomAccess access, Optional<UserId> after, int limit) {
    return store.members(
        access.orgId(), access.roomId(), after, Math.clamp(limit, 1, Limits.PAGE + 1));
  }

  /// Becomes a member of a public room; nothing happens to those who are.
  public void join(RoomAccess access) {
    if (access.role().isPresent()) {
      return;
    }
    store
        .addMember(
            access.orgId(),
            access.roomId(),
            access.userId(),
            new NewMember(access.userId(), Role.MEMBER))
        .publish(bus);
  }

  /// Stops being a member. Nobody leaves a direct room.
  public void leave(RoomAccess access) {
    end(access.requireMember(), access.userId(), LeaveReason.LEFT);
  }

  /// Makes somebody of the organization a member. In a private room any member may invite to the
  /// role of member or guest; other roles need a role above them.
  public void add(RoomAccess access, UserId user, Role role) {
    access.requireMember();
    refuseDirect(access);
    access.require(role.toGive());
    if (memberships.orgRole(access.orgId(), user).isEmpty()) {
      throw Refusal.notFound("no such user");
    }
    store
        .addMember(access.orgId(), access.roomId(), access.userId(), new NewMember(user, role))
        .publish(bus);
  }

  /// Sends a member away; they may come back.
  public void remove(RoomAccess access, UserId user) {
    end(access.require(Role.MODERATOR), user, LeaveReason.REMOVED);
  }

  /// Sends somebody away for good.
  public void ban(RoomAccess access, UserId user) {
    if (user.equals(access.userId())) {
      throw Refusal.badRequest("nobody bans themselves; leave the room instead");
    }
    end(access.require(Role.MODERATOR), user, LeaveReason.BANNED);
    bus.publish(new EphemeralEvent.AccessReduced(access.orgId(), user));
  }

  /// Lifts a ban.
  public void unban(RoomAccess access, UserId user) {
    store.unban(access.require(Role.MODERATOR).orgId(), access.roomId(), access.userId(), user);
  }

  /// Gives a member another role.
  public void changeRole(RoomAccess access, UserId user, Role role) {
    access.require(Role.ADMIN);
    refuseDirect(access);
    store.changeRole(access.orgId(), access.roomId(), access.userId(), user, role).publish(bus);
  }

  /// Moves the caller's read marker to a message; the other members and the caller's other devices
  /// hear of it.
  public void read(RoomAccess access, long messageId) {
    store
        .markRead(access.requireMember().orgId(), access.roomId(), access.userId(), messageId)
        .ifPresent(
            mark -> {
              mark.committed().publish(bus);
              bus.publish(
                  new EphemeralEvent.Read(access.roomId(), access.userId(), messageId, mark.seq()));
            });
  }

  /// Tells the other members that the caller is typing, or has stopped.
  public void typing(RoomAccess access, boolean active) {
    access.requireMember();
    typing.tell(access.roomId(), access.userId(), active);
  }

  /// Tells the other members something in the words of the caller's kind of clients. What is longer
  /// than [Limits#SIGNAL_BYTES], or more than [RateLimit#SIGNALS], nobody hears.
  ///
  /// @param to the only one to hear it; empty for all
  /// @param echo whether the caller hears it too
  public void signal(
      RoomAccess access, Principal.Account who, Words words, Optional<UserId> to, boolean echo) {
    access.requireMember();
    boolean fits = Names.bytes(words.payload()) <= Limits.SIGNAL_BYTES;
    if (!fits || limiter.tryAcquire(RateLimit.SIGNALS, access.userId().value()).isPositive()) {
      return;
    }
    bus.publish(
        new EphemeralEvent.Signal(
            access.roomId(),
            access.userId(),
            who.username(),
            words.kind(),
            words.payload(),
            to,
            echo));
  }

  /// What is told.
  ///
  /// @param payload JSON
  public record Words(String kind, String payload) {}

  /// Keeps how far devices have received rooms.
  public void delivered(List<Delivery> deliveries) {
    store.markDelivered(deliveries);
  }

  /// Makes an invitation code for a room.
  ///
  /// @param uses how often it can be used, 1 to 1000
  /// @param life how long, at most 30 days
  public NewInvite invite(RoomAccess access, int uses, Duration life) {
    access.require(Role.MEMBER);
    refuseDirect(access);
    if (uses < 1 || uses > 1_000) {
      throw Refusal.badRequest("uses must be from 1 to 1000");
    }
    if (!life.isPositive() || life.compareTo(LONGEST_INVITE) > 0) {
      throw Refusal.badRequest("an invitation lives at most 30 days");
    }
    var code = Base64.getUrlEncoder().withoutPadding().encodeToString(ids.secret(CODE_BYTES));
    var expiresAt = clock.instant().plus(life);
    store.createInvite(
        new Invite(access.orgId(), access.roomId(), hash(code), access.userId(), expiresAt, uses));
    return new NewInvite(code, expiresAt, uses);
  }

  /// Becomes a member by an invitation; the caller must be in the organization already.
  public RoomId accept(OrgAccess access, String code) {
    var accepted =
        store
            .acceptInvite(access.orgId(), hash(code), access.userId(), clock.instant())
            .orElseThrow(() -> Refusal.notFound("no such invitation, or it is used up or expired"));
    accepted.committed().publish(bus);
    return accepted.room();
  }

  /// A fresh invitation; its code is shown this once.
  public record NewInvite(String code, Instant expiresAt, int uses) {}

  private void end(RoomAccess access, UserId user, LeaveReason reason) {
    refuseDirect(access);
    store
        .endMembership(access.orgId(), access.roomId(), access.userId(), user, reason)
        .publish(bus);
  }

  private static void refuseDirect(RoomAccess access) {
    if (access.kind() == RoomKind.DIRECT) {
      throw Refusal.conflict("the members of a direct room never change");
    }
  }

  private static String hash(String code) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(code.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java has SHA-256", e);
    }
  }
}
