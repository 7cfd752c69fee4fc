package dev.parley.server.domain.org;

import dev.parley.server.base.Ids;
import dev.parley.server.base.Limits;
import dev.parley.server.base.Names;
import dev.parley.server.base.OrgId;
import dev.parley.server.base.Refusal;
import dev.parley.server.base.RefusedException;
import dev.parley.server.base.UserId;
import dev.parley.server.domain.access.OrgAccess;
import dev.parley.server.domain.access.Principal;
import dev.parley.server.domain.access.Role;
import dev.parley.server.domain.event.EphemeralEvent;
import dev.parley.server.domain.event.EventBus;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/// What one can do with organizations.
public final class Organizations {
  private final OrgStore store;
  private final EventBus bus;
  private final Ids ids;
  private final InstantSource clock;

  public Organizations(OrgStore store, EventBus bus, Ids ids, InstantSource clock) {
    this.store = store;
    this.bus = bus;
    this.ids = ids;
    this.clock = clock;
  }

  /// Founds an organization; its founder owns it.
  public Organization create(Principal.Account founder, String name) {
    var org =
        new Organization(
            new OrgId(ids.uuid()),
            Names.required("name", name, Limits.NAME),
            Optional.empty(),
            founder.userId(),
            clock.instant());
    store.create(org, Optional.of(founder.userId()));
    return org;
  }

  /// Founds an organization of the open realm; empty if the handle is taken.
  public Optional<Organization> createOpen(UserId founder, String handle, String name) {
    if (store.countOpen() >= Limits.OPEN) {
      throw new RefusedException(new Refusal.Quota("there are too many open organizations"));
    }
    var org =
        new Organization(
            new OrgId(ids.uuid()), name, Optional.of(handle), founder, clock.instant());
    return store.create(org, Optional.empty()) ? Optional.of(org) : Optional.empty();
  }

  /// Founds an organization that the server keeps for a kind of clients which know of none, unless
  /// it is there. Nobody owns it.
  public void reserve(OrgId org, String name) {
    if (store.find(org).isEmpty()) {
      var nobody = new UserId("server");
      store.create(
          new Organization(org, name, Optional.empty(), nobody, clock.instant()), Optional.empty());
    }
  }

  /// Makes an account a member of an organization that the server keeps, if it is none.
  public void enrol(OrgId reserved, UserId user) {
    store.enrol(reserved, OrgMember.fresh(user, Role.MEMBER, clock.instant()));
  }

  /// An organization of the open realm.
  public Optional<Organization> findOpen(String handle) {
    return store.findOpen(handle);
  }

  /// The organizations of the open realm whose handle begins so, by handle.
  public List<Organization> listOpen(String prefix) {
    return store.listOpen(prefix, Limits.OPEN);
  }

  /// The organizations of an account.
  public List<Organization> mine(Principal.Account account) {
    return store.listOf(account.userId());
  }

  /// One organization.
  public Organization get(OrgAccess access) {
    return store.find(access.orgId()).orElseThrow(() -> Refusal.notFound("no such organization"));
  }

  /// One page of members, ascending by user id.
  public List<OrgMember> members(OrgAccess access, Optional<UserId> after, int limit) {
    return store.members(access.orgId(), after, Math.clamp(limit, 1, Limits.PAGE + 1));
  }

  /// Makes an account a member, with a role that is not above the actor's own.
  public OrgMember addMember(OrgAccess access, UserId user, Role role) {
    access.require(Role.ADMIN);
    if (role == Role.OWNER) {
      access.require(Role.OWNER);
    }
    var member = OrgMember.fresh(user, role, clock.instant());
    store.addMember(access.orgId(), member);
    return member;
  }

  /// Gives a member another role.
  public void changeRole(OrgAccess access, UserId user, Role role) {
    access.require(Role.ADMIN);
    store.changeRole(access.orgId(), access.userId(), user, role);
    bus.publish(new EphemeralEvent.AccessReduced(access.orgId(), user));
  }

  /// Sends a member away, or leaves oneself; ends the membership in all rooms too.
  public void removeMember(OrgAccess access, UserId user) {
    if (!user.equals(access.userId())) {
      access.require(Role.ADMIN);
    }
    store.removeMember(access.orgId(), access.userId(), user).publish(bus);
    bus.publish(new EphemeralEvent.AccessReduced(access.orgId(), user));
  }
}
