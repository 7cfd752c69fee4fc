package dev.parley.server.domain.identity;

import static dev.parley.server.domain.identity.IdentityFixture.user;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.parley.server.adapter.postgres.Database;
import dev.parley.server.base.UserId;
import dev.parley.server.domain.access.Principal;
import dev.parley.server.testing.PostgresExtension;
import java.time.Duration;
import java.util.Date;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(PostgresExtension.class)
final class AdmissionTest {
  private static final String NOT_VALID = "the token is not valid";

  private final Database database;
  private final IdentityFixture identity;
  private final String ann = IdentityFixture.newName().value();

  AdmissionTest(Database database) {
    this.database = database;
    this.identity = new IdentityFixture(database);
  }

  @AfterEach
  void close() {
    identity.close();
  }

  @Test
  void refusesOurOwnTokenOfNoAccountOrNotItsDevice() {
    var mine = identity.signUp();
    var hers = identity.signUp();
    var lifetime = Duration.ofMinutes(1);
    var crossed = identity.issuer.access(mine.profile(), hers.device(), lifetime);
    assertThatThrownBy(() -> identity.admission.admit(crossed.text())).hasMessage(NOT_VALID);
    var nobody =
        new Profile(UserId.account(identity.ids.uuid()), "x", "x", identity.clock.instant());
    var stray = identity.issuer.access(nobody, mine.device(), lifetime);
    assertThatThrownBy(() -> identity.admission.admit(stray.text())).hasMessage(NOT_VALID);
  }

  @Test
  void makesTheAccountOfATrustedIssuerKnown() {
    var user = "external-" + ann;
    var first = admit(user, ann);
    assertThat(first.userId()).isEqualTo(new UserId(user));
    assertThat(first.username()).isEqualTo(ann);
    assertThat(identity.accounts.profile(new Username(ann)).id()).isEqualTo(first.userId());
    var second = admit(user, "renamed");
    assertThat(second.deviceId()).isEqualTo(first.deviceId());
    assertThat(second.username()).isEqualTo(ann);
    assertThatThrownBy(() -> identity.signIn(ann, "")).hasMessageContaining("wrong");
  }

  @Test
  void givesAnotherUsernameIfItIsTakenOrNone() {
    identity.signUp(new Username(ann));
    assertThat(admit("e1-" + ann, ann).username()).matches(ann + "-[0-9a-f]{12}");
    assertThat(admit("e2-" + ann, "Ann O'Neil <x>").username()).matches("user-[0-9a-f]{8}");
  }

  @Test
  void manyFirstRequestsAtOnceMakeOneAccount() {
    var names =
        IntStream.range(0, 8)
            .parallel()
            .mapToObj(i -> admit("external-" + ann, ann).username())
            .distinct()
            .toList();
    assertThat(names).containsExactly(ann);
  }

  @Test
  void aTrustedIssuerMayNameOurAccounts() {
    var pair = identity.signUp();
    var admitted = admit(user(pair).value(), "ignored");
    assertThat(admitted.userId()).isEqualTo(user(pair));
    assertThat(admitted.username()).isEqualTo(pair.profile().username());
    assertThat(identity.devices.list(admitted)).hasSize(2);
  }

  @Test
  void signedOutATrustedIssuersTokenMustBeNewer() {
    var user = "external-" + ann;
    var old = trusted(user, ann);
    var who = identity.admission.admit(old);
    identity.clock.advance(Duration.ofSeconds(5));
    identity.devices.signOut(who, who.deviceId());
    assertThatThrownBy(() -> identity.admission.admit(old)).hasMessage(NOT_VALID);
    identity.clock.advance(Duration.ofSeconds(5));
    assertThat(admit(user, ann)).isNotNull();
  }

  @Test
  void refusesADisabledAccountWhoeverVouches() {
    var user = "external-" + ann;
    var token = trusted(user, ann);
    identity.admission.admit(token);
    database.global(
        tx -> tx.update("update parley.account set disabled_at = now() where user_id = ?", user));
    assertThatThrownBy(() -> identity.admission.admit(token)).hasMessage(NOT_VALID);
  }

  private Principal.Account admit(String user, String username) {
    return identity.admission.admit(trusted(user, username));
  }

  private String trusted(String user, String username) {
    try {
      var now = identity.clock.instant();
      var claims =
          new JWTClaimsSet.Builder()
              .issuer("gochat")
              .claim("user_id", user)
              .claim("username", username)
              .issueTime(Date.from(now))
              .expirationTime(Date.from(now.plus(Duration.ofDays(1))))
              .build();
      var token = new SignedJWT(new JWSHeader(JWSAlgorithm.HS256), claims);
      token.sign(new MACSigner(IdentityFixture.TRUSTED_SECRET));
      return token.serialize();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }
}
