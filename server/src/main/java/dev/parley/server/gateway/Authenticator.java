package dev.parley.server.gateway;

import dev.parley.server.domain.access.Principal;

/// Says who shows an access token. Blocks.
@FunctionalInterface
public interface Authenticator {
  /// Whoever the token proves.
  ///
  /// @throws dev.parley.server.base.RefusedException unauthorized or expired
  Principal.Account authenticate(String token);
}
