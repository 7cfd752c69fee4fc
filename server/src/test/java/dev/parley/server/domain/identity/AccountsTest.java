package dev.parley.server.domain.identity;

import static dev.parley.server.domain.identity.IdentityFixture.HOME;
import static dev.parley.server.domain.identity.IdentityFixture.PASSWORD;
import static dev.parley.server.domain.identity.IdentityFixture.assertRefused;
import static dev.parley.server.domain.identity.IdentityFixture.user;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.server.adapter.password.Argon2Cost;
import dev.parley.server.adapter.password.Argon2PasswordHasher;
import dev.parley.server.adapter.postgres.Database;
import dev.parley.server.base.Ids;
import dev.parley.server.base.Refusal;
import dev.parley.server.base.RefusedException;
import dev.parley.server.domain.event.EphemeralEvent;
import dev.parley.server.domain.limit.ClientAddress;
import dev.parley.server.domain.limit.RateLimit;
import dev.parley.server.testing.PostgresExtension;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(PostgresExtension.class)
final class AccountsTest {
  private static final Refusal WRONG =
      new Refusal.Unauthorized("the username or the password is wrong");

  private final Database database;
  private final IdentityFixture identity;
  private final Username ann = IdentityFixture.newName();

  AccountsTest(Database database) {
    this.database = database;
    this.identity = new IdentityFixture(database);
  }

  @AfterEach
  void close() {
    identity.close();
  }

  // --- signing up

  @Test
  void signsUpAndIn() {
    var first = identity.signUp(ann);
    var second = identity.signIn(ann);
    assertThat(user(second)).isEqualTo(user(first));
    assertThat(second.device()).isNotEqualTo(first.device());
    assertThat(identity.admit(first).username()).isEqualTo(ann.value());
    assertThat(identity.admit(first).deviceId()).isEqualTo(first.device());
    assertThat(second.access().expiresAt())
        .isEqualTo(identity.clock.instant().plus(Duration.ofMinutes(15)));
  }

  @Test
  void signsInByNameInAnyCaseAndByAddress() {
    identity.accounts.signUp(withEmail(ann, ann + "@Example.org"), IdentityFixture.client());
    for (var name : new String[] {ann.value().toUpperCase(), " " + ann, ann + "@EXAMPLE.org"}) {
      assertThat(identity.signIn(name, PASSWORD).profile().username()).isEqualTo(ann.value());
    }
  }

  @Test
  void refusesANameThatLooksTaken() {
    identity.signUp(ann);
    for (var name :
        new String[] {ann.value(), ann.value().toUpperCase(), "ａ" + ann.value().substring(1)}) {
      assertRefused(
          new Refusal.Conflict("the username is taken"), () -> identity.signUp(new Username(name)));
    }
  }

  @Test
  void refusesAnAddressThatIsTaken() {
    identity.accounts.signUp(withEmail(ann, ann + "@example.org"), IdentityFixture.client());
    var other = withEmail(IdentityFixture.newName(), ann + "@EXAMPLE.ORG");
    assertRefused(
        new Refusal.Conflict("the e-mail address is taken"),
        () -> identity.accounts.signUp(other, IdentityFixture.client()));
  }

  @Test
  void keepsThePasswordExactlyAsTyped() {
    var typed = "  \ud83d\ude00 Ünïcode " + "x".repeat(190) + " ";
    identity.accounts.signUp(
        new NewAccount(ann, Optional.empty(), new Password(typed), Optional.empty()),
        IdentityFixture.client());
    assertThat(identity.signIn(ann.value(), typed)).isNotNull();
    assertRefused(WRONG, () -> identity.signIn(ann.value(), typed.strip()));
    assertRefused(WRONG, () -> identity.signIn(ann.value(), typed.substring(0, 72)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"ann", "ann@", "@example.org", "a b@example.org", "a@b@c", "a@b\u0000"})
  void refusesWhatIsNoAddress(String text) {
    assertThatThrownBy(() -> new Email(text)).hasMessageStartingWith("email must be an address");
  }

  @Test
  void keepsOnlyHashes() {
    var pair = identity.signUp(ann);
    var rows =
        database.global(
            tx ->
                tx.query(
                    """
                    select a::text as row from parley.account a where user_id = ?
                    union all select d::text from parley.device d where user_id = ?
                    union all select r::text from parley.refresh_token r where device_id = ?
                    """,
                    row -> row.text("row"),
                    user(pair),
                    user(pair),
                    pair.device()));
    assertThat(rows).hasSize(3);
    assertThat(String.join("", rows))
        .doesNotContain(PASSWORD, pair.refresh().text(), pair.access().text());
  }

  // --- signing in

  @Test
  void tellsNothingApart() {
    var pair = identity.signUp(ann);
    assertRefused(WRONG, () -> identity.signIn("nobody", PASSWORD));
    assertRefused(WRONG, () -> identity.signIn("nobody@example.org", PASSWORD));
    assertRefused(WRONG, () -> identity.signIn(ann.value(), "wrong"));
    assertRefused(WRONG, () -> identity.signIn("\u0000' or 1=1 --", PASSWORD));
    assertRefused(WRONG, () -> identity.signIn("x".repeat(10_000), PASSWORD));
    assertRefused(WRONG, () -> identity.signIn("", ""));
    disable(pair);
    assertRefused(WRONG, () -> identity.signIn(ann.value(), PASSWORD));
  }

  @Test
  void comparesOnePasswordWhateverTheName() {
    var pair = identity.signUp(ann);
    double before = identity.verifications();
    assertThatThrownBy(() -> identity.signIn("nobody", PASSWORD));
    assertThat(identity.verifications()).isEqualTo(before + 1);
    assertThatThrownBy(() -> identity.signIn(ann.value(), "wrong"));
    assertThat(identity.verifications()).isEqualTo(before + 2);
    disable(pair);
    assertThatThrownBy(() -> identity.signIn(ann.value(), PASSWORD));
    assertThat(identity.verifications()).isEqualTo(before + 3);
  }

  /// The medians of interleaved tries; one of the two without its work would be ten times faster.
  @Test
  void takesTheSameTimeForUnknownNamesAndWrongPasswords() {
    try (var real = new IdentityFixture(database, Argon2Cost.OWASP)) {
      real.signUp(ann);
      var unknown = new long[15];
      var wrong = new long[15];
      for (int i = 0; i < unknown.length; i++) {
        var from = new ClientAddress("192.0.2." + i);
        unknown[i] = nanos(real, "nobody" + i, from);
        wrong[i] = nanos(real, ann.value(), from);
        real.clock.advance(RateLimit.LOGIN_ACCOUNT.period());
      }
      assertThat((double) median(unknown) / median(wrong)).isBetween(0.5, 2.0);
    }
  }

  @Test
  void refusesTheEleventhWrongPasswordInAQuarterOfAnHour() {
    identity.signUp(ann);
    wrongPasswords(ann.value(), 10, HOME);
    var soon = new Refusal.RateLimited("too many requests", Duration.ofSeconds(90));
    assertRefused(soon, () -> identity.signIn(ann.value(), PASSWORD));
    identity.clock.advance(Duration.ofSeconds(90));
    assertThat(identity.signIn(ann)).isNotNull();
  }

  @Test
  void countsUnknownNamesLikeKnownOnes() {
    wrongPasswords("nobody", 10, HOME);
    assertThatThrownBy(() -> identity.signIn("Nobody", PASSWORD)).hasMessage("too many requests");
  }

  @Test
  void countsOneAccountUnderBothOfItsNames() {
    identity.accounts.signUp(withEmail(ann, ann + "@example.org"), IdentityFixture.client());
    wrongPasswords(ann.value(), 5, HOME);
    wrongPasswords(ann + "@example.org", 5, HOME);
    assertThatThrownBy(() -> identity.signIn(ann.value(), PASSWORD))
        .hasMessage("too many requests");
  }

  @Test
  void refusesAnAddressThatTriesManyAccounts() {
    identity.signUp(ann);
    for (int i = 0; i < 50; i++) {
      wrongPasswords("victim" + i, 1, HOME);
    }
    assertThatThrownBy(() -> identity.signIn("victim51", "wrong"))
        .isInstanceOfSatisfying(
            RefusedException.class,
            e -> assertThat(e.refusal()).isInstanceOf(Refusal.RateLimited.class));
    assertThat(identity.signIn(ann.value(), PASSWORD, new ClientAddress("192.0.2.2"))).isNotNull();
  }

  @Test
  void rightPasswordsDoNotCount() {
    identity.signUp(ann);
    for (int i = 0; i < 60; i++) {
      identity.signIn(ann);
    }
  }

  @Test
  void guessesAtOnceAreNoWayAround() {
    identity.signUp(ann);
    double before = identity.verifications();
    IntStream.range(0, 60)
        .parallel()
        .forEach(i -> assertThatThrownBy(() -> identity.signIn(ann.value(), "wrong")));
    assertThat(identity.verifications()).isEqualTo(before + 10);
  }

  @Test
  void replacesHashesOfOlderSystems() {
    var pair = identity.signUp(ann);
    setHash(pair, "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW");
    identity.signIn(ann.value(), "U*U");
    assertThat(hash(pair)).startsWith("$argon2id$v=19$m=64,t=1,p=1$");
    var ids = new Ids(InstantSource.system(), new SecureRandom());
    var goChat = new Argon2PasswordHasher(new Argon2Cost(65_536, 1, 4), ids);
    setHash(pair, goChat.hash(new Password(PASSWORD)));
    identity.signIn(ann);
    var replaced = hash(pair);
    assertThat(replaced).startsWith("$argon2id$v=19$m=64,t=1,p=1$");
    identity.signIn(ann);
    assertThat(hash(pair)).isEqualTo(replaced);
  }

  @Test
  void theOperatorNeedsNoPassword() {
    identity.signUp(ann);
    var pair = identity.accounts.signInAs(ann, "command line");
    assertThat(identity.admit(pair).username()).isEqualTo(ann.value());
    assertRefused(
        new Refusal.NotFound("no such user"),
        () -> identity.accounts.signInAs(IdentityFixture.newName(), "command line"));
    disable(pair);
    assertRefused(
        new Refusal.NotFound("no such user"),
        () -> identity.accounts.signInAs(ann, "command line"));
  }

  // --- changing the password

  @Test
  void aNewPasswordSignsAllOtherDevicesOut() {
    var phone = identity.signUp(ann);
    var laptop = identity.signIn(ann);
    change(laptop, PASSWORD, "inter oves locum");
    assertThat(identity.admit(laptop).deviceId()).isEqualTo(laptop.device());
    assertThat(identity.refresh(laptop)).isNotNull();
    assertThatThrownBy(() -> identity.admit(phone)).hasMessage("the token is not valid");
    assertThatThrownBy(() -> identity.refresh(phone)).isInstanceOf(RefusedException.class);
    assertThat(identity.bus.heard)
        .containsExactly(
            new EphemeralEvent.SignedOut(
                user(laptop), Optional.empty(), Optional.of(laptop.device())));
    assertRefused(WRONG, () -> identity.signIn(ann));
    assertThat(identity.signIn(ann.value(), "inter oves locum")).isNotNull();
  }

  @Test
  void aNewPasswordNeedsTheOldOneAndMustBeGood() {
    var pair = identity.signUp(ann);
    assertRefused(
        new Refusal.Forbidden("the current password is wrong"),
        () -> change(pair, "wrong", "inter oves locum"));
    assertThatThrownBy(() -> change(pair, PASSWORD, "password1"))
        .hasMessageStartingWith("password is one of those");
    for (int i = 0; i < 9; i++) {
      assertThatThrownBy(() -> change(pair, "wrong", "inter oves locum"));
    }
    assertThatThrownBy(() -> change(pair, PASSWORD, "inter oves locum"))
        .hasMessage("too many requests");
    assertThat(identity.bus.heard).isEmpty();
  }

  @Test
  void aSignInThatWasProvedBeforeTheChangeComesTooLate() {
    var pair = identity.signUp(ann);
    var proven = identity.store.credentials(user(pair)).orElseThrow();
    change(pair, PASSWORD, "inter oves locum");
    assertThat(identity.tokens.open(proven, "thief")).isEmpty();
  }

  // --- looking up

  @Test
  void looksUp() {
    var pair =
        identity.accounts.signUp(withEmail(ann, ann + "@example.org"), IdentityFixture.client());
    var me = identity.accounts.me(identity.admit(pair));
    assertThat(me.email()).contains(new Email(ann + "@example.org"));
    assertThat(me.profile()).isEqualTo(pair.profile());
    assertThat(identity.accounts.profile(user(pair))).isEqualTo(pair.profile());
    assertThat(identity.accounts.profile(new Username(ann.value().toUpperCase())))
        .isEqualTo(pair.profile());
    assertRefused(
        new Refusal.NotFound("no such user"),
        () -> identity.accounts.profile(IdentityFixture.newName()));
  }

  private void change(TokenPair pair, String current, String next) {
    identity.accounts.changePassword(
        identity.admit(pair), new Password(current), new Password(next), HOME);
  }

  private void wrongPasswords(String name, int times, ClientAddress from) {
    for (int i = 0; i < times; i++) {
      assertRefused(WRONG, () -> identity.signIn(name, "wrong", from));
    }
  }

  private static long nanos(IdentityFixture identity, String name, ClientAddress from) {
    long start = System.nanoTime();
    assertRefused(WRONG, () -> identity.signIn(name, "wrong", from));
    return System.nanoTime() - start;
  }

  private static long median(long[] nanos) {
    return LongStream.of(nanos).sorted().skip(nanos.length / 2).findFirst().orElseThrow();
  }

  private static NewAccount withEmail(Username name, String email) {
    return new NewAccount(
        name, Optional.of(new Email(email)), new Password(PASSWORD), Optional.empty());
  }

  private void disable(TokenPair pair) {
    database.global(
        tx ->
            tx.update(
                "update parley.account set disabled_at = now() where user_id = ?", user(pair)));
  }

  private void setHash(TokenPair pair, String hash) {
    database.global(
        tx ->
            tx.update(
                "update parley.account set password_hash = ? where user_id = ?", hash, user(pair)));
  }

  private String hash(TokenPair pair) {
    return identity.store.credentials(user(pair)).orElseThrow().passwordHash().orElseThrow();
  }
}
