package dev.parley.server.rest.http;

import dev.parley.server.domain.access.Principal;

/// Turns an access token into the account that it proves.
@FunctionalInterface
public interface Authenticator {
  /// The account of a token. May block.
  ///
  /// @throws dev.parley.server.base.RefusedException unauthorized or expired
  Principal.Account authenticate(String token);
}
