package dev.parley.server.domain.access;

import dev.parley.server.base.DeviceId;
import dev.parley.server.base.UserId;
import java.time.Instant;

/// Who is asking.
public sealed interface Principal {
  /// The id under which this principal acts.
  UserId userId();

  /// Somebody who proved an account with a token of one of its devices.
  ///
  /// @param issuer who signed the token
  record Account(
      UserId userId, DeviceId deviceId, String username, String issuer, Instant expiresAt)
      implements Principal {}

  /// Somebody who only said a name, in one family of the open realm. Reaches open organizations
  /// only.
  record Open(UserId userId) implements Principal {}
}
