package dev.parley.server.domain.identity;

import dev.parley.server.base.DeviceId;
import dev.parley.server.base.UserId;
import java.time.Instant;
import java.util.Optional;

/// What a genuine access token says.
///
/// @param device whose token it is; empty for a token of an issuer that the operator trusts, which
///   knows nothing of our devices
/// @param issuedAt the beginning of 1970 if it does not say
public record VerifiedToken(
    UserId user,
    Optional<DeviceId> device,
    String username,
    String issuer,
    Instant issuedAt,
    Instant expiresAt) {}
