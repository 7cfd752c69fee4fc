package dev.parley.server.domain.identity;

import static dev.parley.server.domain.identity.IdentityFixture.HOME;
import static dev.parley.server.domain.identity.IdentityFixture.assertRefused;
import static dev.parley.server.domain.identity.IdentityFixture.user;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.server.adapter.postgres.Database;
import dev.parley.server.base.Limits;
import dev.parley.server.base.Refusal;
import dev.parley.server.testing.PostgresExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(PostgresExtension.class)
final class TokensTest {
  private static final Refusal UNKNOWN =
      new Refusal.Unauthorized("the refresh token is not valid; sign in again");

  private final Database database;
  private final IdentityFixture identity;

  TokensTest(Database database) {
    this.database = database;
    this.identity = new IdentityFixture(database);
  }

  @AfterEach
  void close() {
    identity.close();
  }

  @Test
  void renewsAgainAndAgain() {
    var pair = identity.signUp();
    for (int i = 0; i < 5; i++) {
      identity.clock.advance(Duration.ofDays(29));
      var next = identity.refresh(pair);
      assertThat(next.refresh()).isNotEqualTo(pair.refresh());
      assertThat(next.device()).isEqualTo(pair.device());
      assertThat(identity.admit(next).userId()).isEqualTo(user(pair));
      pair = next;
    }
    assertThat(identity.devices.list(identity.admit(pair)).getFirst().lastSeenAt())
        .isEqualTo(identity.clock.instant());
  }

  @Test
  void aLostAnswerIsGivenAgain() {
    var pair = identity.signUp();
    var lost = identity.refresh(pair);
    identity.clock.advance(Tokens.GRACE);
    var again = identity.refresh(pair);
    assertThat(again.refresh()).isEqualTo(lost.refresh());
    assertThat(identity.refresh(again)).isNotNull();
    assertThat(identity.bus.heard).isEmpty();
  }

  @Test
  void twoWindowsThatRenewAtOnceGetTheSame() {
    var pair = identity.signUp();
    var successors =
        IntStream.range(0, 8)
            .parallel()
            .mapToObj(i -> identity.refresh(pair).refresh())
            .distinct()
            .toList();
    assertThat(successors).hasSize(1);
    assertThat(identity.bus.heard).isEmpty();
  }

  @Test
  void anAnswerLostForLongIsReplaced() {
    var pair = identity.signUp();
    var lost = identity.refresh(pair);
    identity.clock.advance(Duration.ofDays(2));
    var again = identity.refresh(pair);
    assertThat(again.refresh()).isNotEqualTo(lost.refresh());
    assertThat(identity.refresh(again)).isNotNull();
    assertThat(identity.bus.heard).isEmpty();
  }

  @Test
  void theUseOfAReplacedTokenSignsTheDeviceOut() {
    var pair = identity.signUp();
    var owners = identity.refresh(pair);
    identity.clock.advance(Tokens.GRACE.plusMillis(1));
    var thiefs = identity.refresh(pair);
    assertRefused(UNKNOWN, () -> identity.refresh(owners));
    assertThat(identity.bus.heard).containsExactly(identity.signedOut(pair));
    assertRefused(UNKNOWN, () -> identity.refresh(thiefs));
    assertThatThrownBy(() -> identity.admit(thiefs)).hasMessage("the token is not valid");
  }

  @Test
  void notEveryAnswerCanBeLost() {
    var pair = identity.signUp();
    for (int attempt = 0; attempt < Tokens.ATTEMPTS; attempt++) {
      identity.refresh(pair);
      identity.clock.advance(Tokens.GRACE.plusMillis(1));
    }
    assertRefused(UNKNOWN, () -> identity.refresh(pair));
    assertThat(identity.bus.heard).containsExactly(identity.signedOut(pair));
  }

  @Test
  void aTokenWhoseSuccessorWasUsedHasNoGrace() {
    var pair = identity.signUp();
    var next = identity.refresh(pair);
    var third = identity.refresh(next);
    assertRefused(UNKNOWN, () -> identity.refresh(pair));
    assertThatThrownBy(() -> identity.admit(third)).hasMessage("the token is not valid");
  }

  @Test
  void theThiefLeavesTheOtherDevicesAlone() {
    var name = IdentityFixture.newName();
    var phone = identity.signUp(name);
    var laptop = identity.signIn(name);
    identity.refresh(identity.refresh(phone));
    assertRefused(UNKNOWN, () -> identity.refresh(phone));
    assertThat(identity.refresh(laptop)).isNotNull();
  }

  @Test
  void expires() {
    var pair = identity.signUp();
    identity.clock.advance(TokenLifetimes.DEFAULT.refresh());
    assertRefused(UNKNOWN, () -> identity.refresh(pair));
    assertThat(identity.bus.heard).isEmpty();
  }

  @Test
  void refusesWhatItNeverGave() {
    assertRefused(UNKNOWN, () -> identity.tokens.refresh(new RefreshToken(""), HOME));
    assertRefused(UNKNOWN, () -> identity.tokens.refresh(new RefreshToken("\u0000"), HOME));
    var access = new RefreshToken(identity.signUp().access().text());
    assertRefused(UNKNOWN, () -> identity.tokens.refresh(access, HOME));
  }

  @Test
  void boundsGuessing() {
    for (int i = 0; i < 50; i++) {
      var guess = new RefreshToken("guess " + i);
      assertRefused(UNKNOWN, () -> identity.tokens.refresh(guess, HOME));
    }
    assertThatThrownBy(() -> identity.tokens.refresh(new RefreshToken("guess"), HOME))
        .hasMessage("too many requests");
  }

  @Test
  void aDisabledAccountGetsNothing() {
    var pair = identity.signUp();
    database.global(
        tx ->
            tx.update(
                "update parley.account set disabled_at = now() where user_id = ?", user(pair)));
    assertRefused(UNKNOWN, () -> identity.refresh(pair));
    assertThatThrownBy(() -> identity.admit(pair)).hasMessage("the token is not valid");
  }

  @Test
  void theDeviceUnusedForLongestGivesWay() {
    var name = IdentityFixture.newName();
    var pairs = new ArrayList<TokenPair>();
    pairs.add(identity.signUp(name));
    for (int i = 1; i < Limits.DEVICES; i++) {
      identity.clock.advance(Duration.ofSeconds(1));
      pairs.add(identity.signIn(name));
    }
    identity.clock.advance(Duration.ofSeconds(1));
    var used = identity.refresh(pairs.getFirst());
    assertThat(identity.bus.heard).isEmpty();
    var newest = identity.signIn(name);
    assertThat(identity.bus.heard).containsExactly(identity.signedOut(pairs.get(1)));
    assertThat(identity.devices.list(identity.admit(newest))).hasSize(Limits.DEVICES);
    assertThat(identity.admit(used)).isNotNull();
    assertRefused(UNKNOWN, () -> identity.refresh(pairs.get(1)));
  }

  @Test
  void forgetsTokensThatTellNothingAnyMore() {
    var pair = identity.signUp();
    var device = pair.device();
    for (int i = 0; i < 20; i++) {
      identity.clock.advance(Duration.ofDays(1));
      pair = identity.refresh(pair);
    }
    var kept =
        database.global(
            tx ->
                tx.queryOne(
                    "select count(*) as n from parley.refresh_token where device_id = ?",
                    row -> row.integer("n"),
                    device));
    assertThat(kept.orElseThrow()).isEqualTo(9);
  }
}
