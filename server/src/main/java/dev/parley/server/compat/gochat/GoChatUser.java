package dev.parley.server.compat.gochat;

import dev.parley.server.base.UserId;
import dev.parley.server.domain.identity.Profile;
import dev.parley.server.domain.presence.Whereabouts;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Somebody as the clients see them.
///
/// @param email their own only; of anybody else it is empty
/// @param status `online` or `offline`
/// @param lastSeen when they were last online; absent for somebody who never was
record GoChatUser(
    UserId id,
    String username,
    String email,
    String avatarUrl,
    String status,
    @Nullable Instant lastSeen,
    @Nullable Instant createdAt) {
  private static final String UNKNOWN = "unknown";

  /// Anybody else.
  static GoChatUser of(UserId id, Optional<Profile> profile, Optional<Whereabouts> presence) {
    return new GoChatUser(
        id,
        profile.map(Profile::username).orElse(UNKNOWN),
        "",
        "",
        status(presence.map(Whereabouts::online).orElse(false)),
        presence.flatMap(Whereabouts::lastSeen).orElse(null),
        profile.map(Profile::createdAt).orElse(null));
  }

  static String status(boolean online) {
    return online ? "online" : "offline";
  }
}
