package dev.parley.client;

import dev.parley.client.rest.Tokens;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The tokens of a client, and when to renew them. Client thread only.
///
/// The wall clock here may be wrong: it only decides how early to ask, never whether to give up.
final class Credentials {
  private static final Duration EARLY = Duration.ofMinutes(1);
  private static final Duration SOONEST = Duration.ofSeconds(5);

  private final InstantSource wall;
  private Tokens tokens;
  private boolean refused;
  private boolean unproven;
  private boolean refreshing;

  Credentials(InstantSource wall, Tokens tokens) {
    this.wall = wall;
    this.tokens = tokens;
  }

  String accessToken() {
    return tokens.accessToken();
  }

  /// The server does not take the access token.
  ///
  /// @return whether another one may help
  boolean refused() {
    if (tokens.refreshToken() == null || unproven) {
      return false;
    }
    refused = true;
    return true;
  }

  /// The server took the access token.
  void accepted() {
    unproven = false;
  }

  /// Whether connecting with this access token is useless.
  boolean isStale() {
    var end = tokens.expiresAt();
    boolean isOver = end != null && !end.isAfter(wall.instant());
    return tokens.refreshToken() != null && (refused || (isOver && !unproven));
  }

  /// The refresh token to be used now; empty if there is none or it is being used already.
  Optional<String> startRefresh() {
    @Nullable String token = tokens.refreshToken();
    if (refreshing || token == null) {
      return Optional.empty();
    }
    refreshing = true;
    return Optional.of(token);
  }

  void refreshed(Tokens newTokens) {
    tokens = newTokens;
    refreshing = false;
    refused = false;
    unproven = true;
  }

  void notRefreshed() {
    refreshing = false;
  }

  /// How long from now the next refresh is due; empty if there is none to be planned.
  Optional<Duration> nextRefresh() {
    var end = tokens.expiresAt();
    if (end == null || tokens.refreshToken() == null) {
      return Optional.empty();
    }
    var left = Duration.between(wall.instant(), end);
    var due = left.compareTo(EARLY.multipliedBy(2)) > 0 ? left.minus(EARLY) : left.dividedBy(2);
    return Optional.of(due.compareTo(SOONEST) > 0 ? due : SOONEST);
  }
}
