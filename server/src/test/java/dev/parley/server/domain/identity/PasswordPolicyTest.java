package dev.parley.server.domain.identity;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.server.base.RefusedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PasswordPolicyTest {
  private final PasswordPolicy policy = new PasswordPolicy();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "8 chars!",
        " leading space",
        "trailing space ",
        "naïve çà là",
        "\ud83d\ude00 is eight",
        "tuba mirum",
        "sunshine of your love"
      })
  void allowsWhatIsLongAndNotCommon(String password) {
    assertThatCode(() -> check(password)).doesNotThrowAnyException();
  }

  @Test
  void allowsLongOnes() {
    for (int length : new int[] {64, 200, 1_000}) {
      assertThatCode(() -> check("xY3-".repeat(length / 4))).doesNotThrowAnyException();
    }
    assertThatThrownBy(() -> check("xY3-".repeat(250) + "."))
        .hasMessage("password must have 8 to 1000 characters");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "7 chars", "\ud83d\ude00\ud83d\ude00\ud83d\ude00\ud83d\ude00"})
  void refusesShortOnesByCharacters(String password) {
    assertRefused(password, "password must have 8 to 1000 characters");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "password", "PASSWORD", "password123", "Passw0rd!", "qwertyuiop", "iloveyou2", "12345678",
        "87654321", "aaaaaaaa", "abababab", "abcdefgh", "letmein!!!", "1q2w3e4r", "liverpool1",
        "sunshine2024!", "trustno1"
      })
  void refusesCommonOnes(String password) {
    assertRefused(password, "password is one of those that everybody tries first");
  }

  @Test
  void refusesTheUsername() {
    assertRefused("Ann.O.Neil", "password must not be the username");
  }

  @Test
  void refusesWhatCannotBeTyped() {
    assertRefused("half of a pair \ud800", "password contains half of a surrogate pair");
  }

  private void assertRefused(String password, String why) {
    assertThatThrownBy(() -> check(password)).isInstanceOf(RefusedException.class).hasMessage(why);
  }

  private void check(String password) {
    policy.check(new Password(password), new Username("ann.o.neil"));
  }
}
