package dev.parley.server.domain.identity;

import dev.parley.server.base.DeviceId;
import java.time.Duration;

/// Makes tokens.
public interface TokenIssuer {
  /// A signed access token of an account's device, good for `lifetime` from now.
  default AccessToken access(Profile profile, DeviceId device, Duration lifetime) {
    return access(profile, device, lifetime, profile.id().value());
  }

  /// The same for clients that know the account by an id of another form.
  ///
  /// @param shownId what the token says to its bearer; it proves the account all the same
  default AccessToken access(Profile profile, DeviceId device, Duration lifetime, String shownId) {
    return access(profile, device, lifetime, shownId, Issuer.PARLEY);
  }

  /// The same in another of our names.
  AccessToken access(
      Profile profile, DeviceId device, Duration lifetime, String shownId, Issuer issuer);

  /// A new refresh token: 256 random bits.
  RefreshToken refresh();

  /// The token that follows another at a certain attempt, 0 being the first: always the same one,
  /// and not to be guessed without the server's secret, not even by who knows the other.
  RefreshToken successor(RefreshToken token, int attempt);
}
