package dev.parley.server.domain.identity;

import dev.parley.server.base.DeviceId;
import dev.parley.server.base.Ids;
import dev.parley.server.base.Refusal;
import dev.parley.server.base.RefusedException;
import dev.parley.server.domain.event.EphemeralEvent.SignedOut;
import dev.parley.server.domain.event.EventBus;
import dev.parley.server.domain.identity.IdentityStore.Credentials;
import dev.parley.server.domain.identity.IdentityStore.Rotated;
import dev.parley.server.domain.identity.IdentityStore.Rotation;
import dev.parley.server.domain.limit.ClientAddress;
import dev.parley.server.domain.limit.RateLimit;
import dev.parley.server.domain.limit.RateLimiter;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/// Gives devices their tokens, and renews them.
///
/// A refresh token is good for one use (RFC 9700, section 4.14.2). Two windows of one browser that
/// renew at once get the same successor for [#GRACE]. A client whose answer was lost may ask at any
/// later time, as long as nobody has used the successor: it gets another one, and the lost one is
/// spent. The use of a spent token means that two parties hold it; nobody can tell which is the
/// thief, so the device is signed out.
public final class Tokens {
  /// How long after its use a refresh token answers the same once more.
  public static final Duration GRACE = Duration.ofSeconds(10);

  /// How many answers in a row may be lost; the next use counts as that of a spent token.
  public static final int ATTEMPTS = 16;

  private final IdentityStore store;
  private final TokenIssuer issuer;
  private final TokenLifetimes lifetimes;
  private final RateLimiter limiter;
  private final EventBus bus;
  private final Ids ids;
  private final InstantSource clock;

  public Tokens(
      IdentityStore store,
      TokenIssuer issuer,
      TokenLifetimes lifetimes,
      RateLimiter limiter,
      EventBus bus,
      Ids ids,
      InstantSource clock) {
    this.store = store;
    this.issuer = issuer;
    this.lifetimes = lifetimes;
    this.limiter = limiter;
    this.bus = bus;
    this.ids = ids;
    this.clock = clock;
  }

  /// Renews a pair.
  ///
  /// @throws RefusedException unauthorized, also when the use of an old token has just signed the
  ///   device out; rate_limited
  public TokenPair refresh(RefreshToken token, ClientAddress address) {
    limiter.acquire(RateLimit.REFRESH_ADDRESS, address.key());
    var now = clock.instant();
    var ending = now.plus(lifetimes.refresh());
    var rotation =
        new Rotation(
            token, attempt -> issuer.successor(token, attempt), ATTEMPTS, now, ending, GRACE);
    return switch (store.rotate(rotation)) {
      case Rotated.Renewed(var profile, var device, var successor) -> {
        limiter.giveBack(RateLimit.REFRESH_ADDRESS, address.key());
        var access = issuer.access(profile, device, lifetimes.access());
        yield new TokenPair(profile, device, access, successor, ending);
      }
      case Rotated.Reused(var user, var device) -> {
        bus.publish(new SignedOut(user, Optional.of(device), Optional.empty()));
        throw unknown();
      }
      case Rotated.Unknown() -> throw unknown();
    };
  }

  /// One more access token for a device that has just signed in, for clients that cannot renew.
  ///
  /// @param shownId the account's id in the client's form
  public AccessToken lasting(TokenPair pair, Duration lifetime, String shownId) {
    return issuer.access(pair.profile(), pair.device(), lifetime, shownId);
  }

  /// The same in another of our names.
  public AccessToken lasting(TokenPair pair, Duration lifetime, Issuer name) {
    var profile = pair.profile();
    return issuer.access(profile, pair.device(), lifetime, profile.id().value(), name);
  }

  /// Signs a new device in for whoever proved the account; empty if the account was disabled or its
  /// password changed meanwhile.
  Optional<TokenPair> open(Credentials proven, String deviceName) {
    var now = clock.instant();
    var device = new Device(new DeviceId(ids.uuid()), deviceName, now, now);
    var refresh = issuer.refresh();
    var ending = now.plus(lifetimes.refresh());
    return store
        .signIn(proven, device, refresh, ending)
        .map(
            signedOut -> {
              signedOut.forEach(old -> publishSignedOut(proven, old));
              var access = issuer.access(proven.profile(), device.id(), lifetimes.access());
              return new TokenPair(proven.profile(), device.id(), access, refresh, ending);
            });
  }

  private void publishSignedOut(Credentials account, DeviceId device) {
    bus.publish(new SignedOut(account.profile().id(), Optional.of(device), Optional.empty()));
  }

  private static RefusedException unknown() {
    return Refusal.unauthorized("the refresh token is not valid; sign in again");
  }
}
