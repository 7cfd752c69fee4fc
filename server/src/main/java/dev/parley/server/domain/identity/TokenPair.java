package dev.parley.server.domain.identity;

import dev.parley.server.base.DeviceId;
import java.time.Instant;

/// What a device gets when it signs in or renews.
public record TokenPair(
    Profile profile,
    DeviceId device,
    AccessToken access,
    RefreshToken refresh,
    Instant refreshExpiresAt) {}
