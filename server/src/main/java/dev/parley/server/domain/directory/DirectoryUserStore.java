package dev.parley.server.domain.directory;

import dev.parley.server.base.OrgId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Keeps the directory, which lies in one reserved open organization. One method is one
/// transaction.
public interface DirectoryUserStore {
  /// Keeps a new user; refuses with conflict if the name or the address is taken, with quota if
  /// there are too many.
  void create(OrgId openOrg, DirectoryUser user);

  /// One user.
  Optional<DirectoryUser> find(OrgId openOrg, DirectoryUserId user);

  /// The user of a name.
  Optional<DirectoryUser> named(OrgId openOrg, String username);

  /// The users under an organization's name, newest first, at most `limit`.
  List<DirectoryUser> list(OrgId openOrg, String org, int limit);

  /// Changes name, address or full name; what is empty stays. Refuses with conflict if one is
  /// taken.
  ///
  /// @return the user after it; empty if there is none
  Optional<DirectoryUser> change(
      OrgId openOrg, DirectoryUserId user, DirectoryUsers.Change change, Instant now);

  /// Deletes a user with all their tasks; false if there is none.
  boolean delete(OrgId openOrg, DirectoryUserId user);
}
