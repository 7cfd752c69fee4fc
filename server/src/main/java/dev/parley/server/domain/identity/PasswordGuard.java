package dev.parley.server.domain.identity;

import dev.parley.server.domain.identity.IdentityStore.Credentials;
import dev.parley.server.domain.identity.PasswordHasher.Verdict;
import dev.parley.server.domain.limit.ClientAddress;
import dev.parley.server.domain.limit.RateLimit;
import dev.parley.server.domain.limit.RateLimiter;
import java.util.Optional;

/// Judges passwords, and bounds how often one may guess.
///
/// Every attempt is counted before it is judged, so that a thousand guesses at once are no way
/// around; a right one is given back.
final class PasswordGuard {
  private final Passwords passwords;
  private final RateLimiter limiter;

  PasswordGuard(Passwords passwords, RateLimiter limiter) {
    this.passwords = passwords;
    this.limiter = limiter;
  }

  /// Compares a password with an account's, if there is one and it is not disabled; does the same
  /// work if not.
  ///
  /// @param name stands for an account that does not exist, when attempts are counted
  /// @throws dev.parley.server.base.RefusedException rate_limited, busy
  Verdict judge(
      Optional<Credentials> account, String name, Password password, ClientAddress address) {
    var counted = account.map(known -> known.profile().id().value()).orElse("name " + name);
    limiter.acquire(RateLimit.LOGIN_ADDRESS, address.key());
    limiter.acquire(RateLimit.LOGIN_ACCOUNT, counted);
    var hash = account.filter(known -> !known.disabled()).flatMap(Credentials::passwordHash);
    var verdict = passwords.verify(password, hash);
    if (verdict != Verdict.WRONG) {
      limiter.giveBack(RateLimit.LOGIN_ADDRESS, address.key());
      limiter.giveBack(RateLimit.LOGIN_ACCOUNT, counted);
    }
    return verdict;
  }
}
