package dev.parley.server.compat.gochat;

import dev.parley.server.base.Refusal;
import dev.parley.server.base.RefusedException;
import dev.parley.server.base.UserId;
import dev.parley.server.domain.access.RoomAccess;
import dev.parley.server.domain.identity.Accounts;
import dev.parley.server.domain.identity.Username;
import dev.parley.server.domain.presence.Presence;
import dev.parley.server.domain.presence.Whereabouts;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Finds those whom somebody meets in a room.
public final class GoChatPeople {
  private final Accounts accounts;
  private final Presence presence;

  public GoChatPeople(Accounts accounts, Presence presence) {
    this.accounts = accounts;
    this.presence = presence;
  }

  /// These users with their presence.
  Map<UserId, GoChatUser> met(RoomAccess where, Collection<UserId> users) {
    var profiles = accounts.profiles(users);
    var seen =
        presence.met(where, users).stream()
            .collect(Collectors.toMap(Whereabouts::user, Function.identity()));
    return users.stream()
        .distinct()
        .collect(
            Collectors.toMap(
                Function.identity(),
                user ->
                    GoChatUser.of(
                        user,
                        Optional.ofNullable(profiles.get(user)),
                        Optional.ofNullable(seen.get(user)))));
  }

  /// Somebody by their name.
  UserId named(String username) {
    return accounts.profile(new Username(username)).id();
  }

  /// Somebody by their id.
  static UserId id(String text) {
    try {
      return UserId.account(text);
    } catch (RefusedException e) {
      throw Refusal.badRequest("Invalid user ID");
    }
  }
}
