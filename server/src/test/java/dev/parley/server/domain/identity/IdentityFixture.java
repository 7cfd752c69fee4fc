package dev.parley.server.domain.identity;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.server.adapter.memory.MemoryRateLimiter;
import dev.parley.server.adapter.password.Argon2Cost;
import dev.parley.server.adapter.password.Argon2PasswordHasher;
import dev.parley.server.adapter.postgres.Database;
import dev.parley.server.adapter.postgres.PostgresIdentityStore;
import dev.parley.server.adapter.telemetry.PrometheusTelemetry;
import dev.parley.server.adapter.token.JwtTokenIssuer;
import dev.parley.server.adapter.token.JwtTokenVerifier;
import dev.parley.server.adapter.token.OwnKey;
import dev.parley.server.adapter.token.TrustedKey;
import dev.parley.server.base.Ids;
import dev.parley.server.base.Limits;
import dev.parley.server.base.Refusal;
import dev.parley.server.base.RefusedException;
import dev.parley.server.base.RoomId;
import dev.parley.server.base.Ticker;
import dev.parley.server.base.UserId;
import dev.parley.server.domain.access.Principal;
import dev.parley.server.domain.event.EphemeralEvent;
import dev.parley.server.domain.event.EventBus;
import dev.parley.server.domain.event.RoomEvent;
import dev.parley.server.domain.event.UserEvent;
import dev.parley.server.domain.limit.ClientAddress;
import dev.parley.server.testing.TestClock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/// All of identity on a real database, with light hashes and a clock that stands still.
final class IdentityFixture implements AutoCloseable {
  static final String PASSWORD = "tuba mirum spargens";
  static final ClientAddress HOME = new ClientAddress("192.0.2.1");
  static final byte[] TRUSTED_SECRET = "t".repeat(32).getBytes();
  private static final AtomicInteger NAMES = new AtomicInteger();

  final TestClock clock = new TestClock();
  final Ids ids = new Ids(clock, new Random(NAMES.incrementAndGet()));
  final HeardEvents bus = new HeardEvents();
  final PrometheusTelemetry telemetry = new PrometheusTelemetry();
  final IdentityStore store;
  final OwnKey key = new OwnKey("s".repeat(32).getBytes());
  final JwtTokenIssuer issuer = new JwtTokenIssuer(key, ids, clock);
  final MemoryRateLimiter limiter = new MemoryRateLimiter(clock, Limits.RATE_KEYS, telemetry);
  final Passwords passwords;
  final Tokens tokens;
  final Accounts accounts;
  final Admission admission;
  final Devices devices;

  IdentityFixture(Database database) {
    this(database, new Argon2Cost(64, 1, 1));
  }

  IdentityFixture(Database database, Argon2Cost cost) {
    this.store = new PostgresIdentityStore(database);
    var hasher = new Argon2PasswordHasher(cost, ids);
    this.passwords = new Passwords(hasher, 2, Ticker.SYSTEM, telemetry);
    this.tokens = new Tokens(store, issuer, TokenLifetimes.DEFAULT, limiter, bus, ids, clock);
    this.accounts = new Accounts(store, passwords, tokens, limiter, bus, ids, clock);
    var trusted = TrustedKey.ofSecret(TRUSTED_SECRET).issuedBy("gochat");
    var verifier = new JwtTokenVerifier(key, List.of(trusted), clock);
    this.admission = new Admission(store, verifier, ids, clock);
    this.devices = new Devices(store, bus, clock);
  }

  /// A name that no other test uses.
  static Username newName() {
    return new Username("ann-" + NAMES.incrementAndGet());
  }

  TokenPair signUp(Username name) {
    return accounts.signUp(wish(name), client());
  }

  TokenPair signUp() {
    return signUp(newName());
  }

  static NewAccount wish(Username name) {
    return new NewAccount(name, Optional.empty(), new Password(PASSWORD), Optional.empty());
  }

  static Client client() {
    return new Client("laptop", HOME);
  }

  TokenPair signIn(Username name) {
    return signIn(name.value(), PASSWORD);
  }

  TokenPair signIn(String name, String password) {
    return signIn(name, password, HOME);
  }

  TokenPair signIn(String name, String password, ClientAddress from) {
    return accounts.signIn(new Login(name, new Password(password), new Client("phone", from)));
  }

  TokenPair refresh(TokenPair pair) {
    return tokens.refresh(pair.refresh(), HOME);
  }

  Principal.Account admit(TokenPair pair) {
    return admission.admit(pair.access().text());
  }

  EphemeralEvent.SignedOut signedOut(TokenPair pair) {
    return new EphemeralEvent.SignedOut(user(pair), Optional.of(pair.device()), Optional.empty());
  }

  static UserId user(TokenPair pair) {
    return pair.profile().id();
  }

  /// How many passwords were compared so far.
  double verifications() {
    return telemetry
        .scrape()
        .lines()
        .filter(line -> line.startsWith("parley_password_seconds_count{work=\"verify\"}"))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
        .sum();
  }

  static void assertRefused(Refusal why, ThrowingCallable act) {
    assertThatThrownBy(act)
        .isInstanceOfSatisfying(
            RefusedException.class,
            e -> org.assertj.core.api.Assertions.assertThat(e.refusal()).isEqualTo(why));
  }

  @Override
  public void close() {
    passwords.close();
    telemetry.close();
  }

  /// Remembers what was published.
  static final class HeardEvents implements EventBus {
    final List<EphemeralEvent> heard = Collections.synchronizedList(new ArrayList<>());

    @Override
    public void publish(EphemeralEvent event) {
      heard.add(event);
    }

    @Override
    public void publish(RoomId room, List<RoomEvent> events) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void publish(UserEvent event) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void subscribe(Listener listener) {
      throw new UnsupportedOperationException();
    }
  }
}
