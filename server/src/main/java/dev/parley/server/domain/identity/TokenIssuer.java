package dev.parley.server.domain.identity;

import dev.parley.server.base.DeviceId;
import java.time.Duration;

/// Makes tokens.
public interface TokenIssuer {
  /// A signed access token of an account's device, good for `lifetime` from now.
  AccessToken access(Profile profile, DeviceId device, Duration lifetime);

  /// A new refresh token: 256 random bits.
  RefreshToken refresh();

  /// The token that follows another at a certain attempt, 0 being the first: always the same one,
  /// and not to be guessed without the server's secret, not even by who knows the other.
  RefreshToken successor(RefreshToken token, int attempt);
}
