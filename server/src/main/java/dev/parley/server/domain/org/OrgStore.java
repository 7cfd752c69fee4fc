package dev.parley.server.domain.org;

import dev.parley.server.base.OrgId;
import dev.parley.server.base.UserId;
import dev.parley.server.domain.access.Role;
import dev.parley.server.domain.event.Committed;
import java.util.List;
import java.util.Optional;

/// Keeps organizations and their members. One method is one transaction.
public interface OrgStore {
  /// Keeps a new organization and its first owner; false if the handle is taken. Refuses with quota
  /// beyond [dev.parley.server.base.Limits#ORGS_PER_USER] of the owner.
  boolean create(Organization org, Optional<UserId> owner);

  /// An organization by its id, whoever asks.
  Optional<Organization> find(OrgId org);

  /// An open organization by its handle.
  Optional<Organization> findOpen(String handle);

  /// The open organizations whose handle begins so, ascending by handle, at most `limit`.
  List<Organization> listOpen(String prefix, int limit);

  /// How many open organizations there are.
  long countOpen();

  /// The organizations of a user, oldest first, at most
  /// [dev.parley.server.base.Limits#ORGS_PER_USER].
  List<Organization> listOf(UserId user);

  /// Members, ascending by user id, those after `after` only, at most `limit`.
  List<OrgMember> members(OrgId org, Optional<UserId> after, int limit);

  /// Makes an account a member; refuses with conflict if it is one, with not_found if there is
  /// none, with quota beyond [dev.parley.server.base.Limits#ORGS_PER_USER].
  void addMember(OrgId org, OrgMember member);

  /// Makes a user a member if they are none, whoever asks.
  void enrol(OrgId org, OrgMember member);

  /// Gives a member another role, if the actor still outranks both the old and the new one; refuses
  /// to take the last owner's role away.
  void changeRole(OrgId org, UserId actor, UserId user, Role role);

  /// Ends a membership in the organization and in all of its rooms, each with its event.
  Committed removeMember(OrgId org, UserId actor, UserId user);
}
