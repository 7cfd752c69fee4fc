package dev.parley.server.domain.directory;

import dev.parley.server.base.Ids;
import dev.parley.server.base.Limits;
import dev.parley.server.base.Names;
import dev.parley.server.base.OrgId;
import dev.parley.server.base.Refusal;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/// What one can do with the directory.
public final class DirectoryUsers {
  private static final int NAME = 100;
  private static final int LONG_NAME = 255;

  private final DirectoryUserStore store;
  private final Ids ids;
  private final InstantSource clock;

  public DirectoryUsers(DirectoryUserStore store, Ids ids, InstantSource clock) {
    this.store = store;
    this.ids = ids;
    this.clock = clock;
  }

  /// Somebody who is to be in the directory; all but the full name must be there.
  public record NewUser(String username, String email, String fullName, String org) {
    public NewUser {
      username = kept("username", username, NAME);
      email = kept("email", email, LONG_NAME);
      fullName = kept("full_name", fullName, LONG_NAME);
      org = kept("org_id", org, NAME);
    }
  }

  /// What is to be different; what is empty stays.
  public record Change(
      Optional<String> username, Optional<String> email, Optional<String> fullName) {
    public Change {
      username = username.map(text -> kept("username", text, NAME));
      email = email.map(text -> kept("email", text, LONG_NAME));
      fullName = fullName.map(text -> kept("full_name", text, LONG_NAME));
    }
  }

  /// Puts somebody into the directory.
  public DirectoryUser create(OrgId openOrg, NewUser wish) {
    var now = clock.instant().truncatedTo(ChronoUnit.MICROS);
    var user =
        new DirectoryUser(
            new DirectoryUserId(ids.uuid()),
            wish.username(),
            wish.email(),
            wish.fullName(),
            wish.org(),
            now,
            now);
    store.create(openOrg, user);
    return user;
  }

  /// One user.
  public Optional<DirectoryUser> find(OrgId openOrg, DirectoryUserId user) {
    return store.find(openOrg, user);
  }

  /// The user of a name.
  public Optional<DirectoryUser> named(OrgId openOrg, String username) {
    return store.named(openOrg, Names.storable("username", username));
  }

  /// The users under an organization's name, newest first, at most [Limits#OPEN].
  public List<DirectoryUser> list(OrgId openOrg, String org) {
    return store.list(openOrg, Names.storable("org_id", org), Limits.OPEN);
  }

  /// Changes a user.
  public Optional<DirectoryUser> change(OrgId openOrg, DirectoryUserId user, Change change) {
    return store.change(openOrg, user, change, clock.instant().truncatedTo(ChronoUnit.MICROS));
  }

  /// Deletes a user with all their tasks; false if there is none.
  public boolean delete(OrgId openOrg, DirectoryUserId user) {
    return store.delete(openOrg, user);
  }

  private static String kept(String field, String text, int max) {
    if (text.codePointCount(0, text.length()) > max) {
      throw Refusal.badRequest(field + " must have at most " + max + " characters");
    }
    return Names.storable(field, text);
  }
}
