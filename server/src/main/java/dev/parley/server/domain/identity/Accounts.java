package dev.parley.server.domain.identity;

import dev.parley.server.base.Ids;
import dev.parley.server.base.Limits;
import dev.parley.server.base.Refusal;
import dev.parley.server.base.RefusedException;
import dev.parley.server.base.UserId;
import dev.parley.server.domain.access.Principal;
import dev.parley.server.domain.event.EphemeralEvent;
import dev.parley.server.domain.event.EventBus;
import dev.parley.server.domain.identity.IdentityStore.Credentials;
import dev.parley.server.domain.identity.PasswordHasher.Verdict;
import dev.parley.server.domain.limit.ClientAddress;
import dev.parley.server.domain.limit.RateLimit;
import dev.parley.server.domain.limit.RateLimiter;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/// What one can do with accounts: get one, sign in to it, look it up, change its password.
///
/// An unknown name, a wrong password and a disabled account get the same answer after the same
/// work: exactly one password is verified for each.
public final class Accounts {
  private final IdentityStore store;
  private final Passwords passwords;
  private final PasswordGuard guard;
  private final PasswordPolicy policy = new PasswordPolicy();
  private final Tokens tokens;
  private final RateLimiter limiter;
  private final EventBus bus;
  private final Ids ids;
  private final InstantSource clock;

  public Accounts(
      IdentityStore store,
      Passwords passwords,
      Tokens tokens,
      RateLimiter limiter,
      EventBus bus,
      Ids ids,
      InstantSource clock) {
    this.store = store;
    this.passwords = passwords;
    this.guard = new PasswordGuard(passwords, limiter);
    this.tokens = tokens;
    this.limiter = limiter;
    this.bus = bus;
    this.ids = ids;
    this.clock = clock;
  }

  /// Makes an account and signs its first device in.
  ///
  /// @throws RefusedException conflict if the username or the address is taken; bad_request for a
  ///   weak password; rate_limited, busy
  public TokenPair signUp(NewAccount wish, Client client) {
    limiter.acquire(RateLimit.SIGN_IN_ADDRESS, client.address().key());
    policy.check(wish.password(), wish.username());
    return open(create(wish), client.deviceName());
  }

  /// Makes an account for somebody whose program knows no rules for passwords: any but an empty one
  /// will do. Signs nobody in.
  ///
  /// @throws RefusedException conflict if the username or the address is taken; rate_limited, busy
  public Profile register(NewAccount wish, ClientAddress address) {
    limiter.acquire(RateLimit.SIGN_IN_ADDRESS, address.key());
    PasswordPolicy.checkForm(wish.password());
    return create(wish).profile();
  }

  /// The same, and signs the first device in; the password is not asked for once more.
  ///
  /// @throws RefusedException as above
  public TokenPair register(NewAccount wish, Client client) {
    limiter.acquire(RateLimit.SIGN_IN_ADDRESS, client.address().key());
    PasswordPolicy.checkForm(wish.password());
    return open(create(wish), client.deviceName());
  }

  private Credentials create(NewAccount wish) {
    var hash = Optional.of(passwords.hash(wish.password()));
    var account = new Account(profileOf(wish), wish.email());
    switch (store.create(account, wish.username().key(), hash)) {
      case USERNAME_TAKEN -> throw Refusal.conflict("the username is taken");
      case EMAIL_TAKEN -> throw Refusal.conflict("the e-mail address is taken");
      case DONE -> {
        // The account exists now, whatever becomes of its first device.
      }
    }
    return new Credentials(account.profile(), hash, 0, false);
  }

  /// Signs a device in.
  ///
  /// @throws RefusedException unauthorized, always with the same words; rate_limited after too many
  ///   wrong passwords for the account or from the address; busy
  public TokenPair signIn(Login login) {
    limiter.acquire(RateLimit.SIGN_IN_ADDRESS, login.client().address().key());
    var name = LoginName.of(login.name());
    var found = store.credentials(name.key(), name.email());
    var verdict = guard.judge(found, name.key(), login.password(), login.client().address());
    if (found.isEmpty() || verdict == Verdict.WRONG) {
      throw wrong();
    }
    var account = found.get();
    if (verdict == Verdict.RIGHT_BUT_OLD) {
      rehash(account, login.password());
    }
    return open(account, login.client().deviceName());
  }

  /// Signs a device in without a password: an operator's act, for the command line only.
  ///
  /// @throws RefusedException not_found, also for a disabled account
  public TokenPair signInAs(Username username, String deviceName) {
    return store
        .credentials(username.key(), false)
        .flatMap(account -> tokens.open(account, deviceName))
        .orElseThrow(() -> Refusal.notFound("no such user"));
  }

  /// Sets another password and signs all other devices out.
  ///
  /// @throws RefusedException forbidden if the current password is wrong; bad_request for a weak
  ///   new one; conflict if it was changed a moment ago; rate_limited, busy
  public void changePassword(
      Principal.Account who, Password current, Password next, ClientAddress address) {
    var account = store.credentials(who.userId()).orElseThrow(Accounts::wrong);
    policy.check(next, new Username(account.profile().username()));
    var verdict = guard.judge(Optional.of(account), "", current, address);
    if (verdict == Verdict.WRONG) {
      throw Refusal.forbidden("the current password is wrong");
    }
    var hash = passwords.hash(next);
    if (!store.changePassword(account, hash, who.deviceId(), clock.instant())) {
      throw Refusal.conflict("the password has just been changed");
    }
    bus.publish(
        new EphemeralEvent.SignedOut(who.userId(), Optional.empty(), Optional.of(who.deviceId())));
  }

  /// One's own account.
  public Account me(Principal.Account who) {
    return store.find(who.userId()).orElseThrow(Accounts::noSuchUser);
  }

  /// Anybody's profile.
  ///
  /// @throws RefusedException not_found
  public Profile profile(UserId user) {
    return store.find(user).map(Account::profile).orElseThrow(Accounts::noSuchUser);
  }

  /// The profiles of at most [Limits#PAGE] users; those without an account are missing.
  public Map<UserId, Profile> profiles(Collection<UserId> users) {
    return store.profiles(users.stream().distinct().limit(Limits.PAGE).toList()).stream()
        .collect(Collectors.toMap(Profile::id, Function.identity()));
  }

  /// Anybody's profile by their username, in any case.
  ///
  /// @throws RefusedException not_found
  public Profile profile(Username username) {
    return store
        .findByUsername(username.key())
        .map(Account::profile)
        .orElseThrow(Accounts::noSuchUser);
  }

  private Profile profileOf(NewAccount wish) {
    var id = UserId.account(ids.uuid());
    return new Profile(id, wish.username().value(), wish.shownName(), clock.instant());
  }

  private void rehash(Credentials account, Password password) {
    var before = account.passwordHash().orElseThrow();
    store.rehash(account.profile().id(), before, passwords.hash(password));
  }

  private TokenPair open(Credentials account, String deviceName) {
    return tokens.open(account, deviceName).orElseThrow(Accounts::wrong);
  }

  private static RefusedException wrong() {
    return Refusal.unauthorized("the username or the password is wrong");
  }

  private static RefusedException noSuchUser() {
    return Refusal.notFound("no such user");
  }
}
