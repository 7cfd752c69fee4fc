package dev.parley.server.domain.identity;

import java.time.Duration;

/// How long tokens are good for.
///
/// @param access how long an access token is
/// @param refresh how long a device stays signed in without renewing
public record TokenLifetimes(Duration access, Duration refresh) {
  /// A quarter of an hour, and thirty days.
  public static final TokenLifetimes DEFAULT =
      new TokenLifetimes(Duration.ofMinutes(15), Duration.ofDays(30));
}
