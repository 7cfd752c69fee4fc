package dev.parley.server.adapter.password;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.server.base.Ids;
import dev.parley.server.domain.identity.Password;
import dev.parley.server.domain.identity.PasswordHasher.Verdict;
import dev.parley.server.testing.TestClock;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class Argon2PasswordHasherTest {
  private static final Argon2Cost LIGHT = new Argon2Cost(64, 1, 1);

  private final Ids ids = new Ids(new TestClock(), new Random(7));
  private final Argon2PasswordHasher hasher = new Argon2PasswordHasher(LIGHT, ids);

  @Test
  void writesPhcStringsOfTheCostOfOwasp() {
    var owasp = new Argon2PasswordHasher(Argon2Cost.OWASP, ids);
    var hash = owasp.hash(new Password("tuba mirum"));
    assertThat(hash).matches("\\$argon2id\\$v=19\\$m=19456,t=2,p=1\\$[^$=]{22}\\$[^$=]{43}");
    assertThat(owasp.verify(new Password("tuba mirum"), hash)).isEqualTo(Verdict.RIGHT);
    assertThat(owasp.verify(new Password("tuba mirun"), hash)).isEqualTo(Verdict.WRONG);
  }

  @Test
  void salts() {
    var password = new Password("tuba mirum");
    assertThat(hasher.hash(password)).isNotEqualTo(hasher.hash(password));
  }

  /// From the test of the reference implementation.
  @Test
  void verifiesTheReferencesHash() {
    assertVerdict(
        "password",
        "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
        Verdict.RIGHT_BUT_OLD);
  }

  @Test
  void verifiesTheHashesOfGoChat() {
    var other = new Argon2PasswordHasher(new Argon2Cost(65_536, 1, 4), ids);
    var hash = other.hash(new Password("tuba mirum"));
    assertThat(hash).startsWith("$argon2id$v=19$m=65536,t=1,p=4$");
    assertVerdict("tuba mirum", hash, Verdict.RIGHT_BUT_OLD);
    assertVerdict("tuba", hash, Verdict.WRONG);
  }

  /// From the test of crypt_blowfish.
  @ParameterizedTest
  @ValueSource(strings = {"2a", "2b", "2y"})
  void verifiesBcrypt(String version) {
    var hash = "$" + version + "$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW";
    assertVerdict("U*U", hash, Verdict.RIGHT_BUT_OLD);
    assertVerdict("U*U*", hash, Verdict.WRONG);
  }

  @Test
  void cutsTrimsAndFoldsNothing() {
    var hash = hasher.hash(new Password("x".repeat(199) + "y"));
    assertVerdict("x".repeat(199) + "y", hash, Verdict.RIGHT);
    assertVerdict("x".repeat(199) + "z", hash, Verdict.WRONG);
    assertVerdict("x".repeat(199), hash, Verdict.WRONG);
    assertVerdict("X".repeat(199) + "y", hash, Verdict.WRONG);
    assertVerdict(" " + "x".repeat(199) + "y", hash, Verdict.WRONG);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "tuba mirum",
        "$argon2id$",
        "$argon2i$v=19$m=64,t=1,p=1$c29tZXNhbHQ$AAAAAAAAAAAAAAAAAAAAAA",
        "$argon2id$v=19$m=9999999,t=1,p=1$c29tZXNhbHQ$AAAAAAAAAAAAAAAAAAAAAA",
        "$argon2id$v=19$m=64,t=999,p=1$c29tZXNhbHQ$AAAAAAAAAAAAAAAAAAAAAA",
        "$argon2id$v=19$m=64,t=0,p=1$c29tZXNhbHQ$AAAAAAAAAAAAAAAAAAAAAA",
        "$2a$31$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW",
        "$2a$05$short"
      })
  void whatIsNoHashOrCostsTooMuchMatchesNothing(String hash) {
    assertVerdict("tuba mirum", hash, Verdict.WRONG);
  }

  private void assertVerdict(String password, String hash, Verdict verdict) {
    assertThat(hasher.verify(new Password(password), hash)).isEqualTo(verdict);
  }
}
