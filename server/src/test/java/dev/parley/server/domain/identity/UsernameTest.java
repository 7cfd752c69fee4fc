package dev.parley.server.domain.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.server.base.RefusedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class UsernameTest {
  @ParameterizedTest
  @ValueSource(
      strings = {"a", "ann", "Ann.O_Neil-2", "jürgen", "Ольга", "さくら花子", "김철수", "नमिता", "42"})
  void allowsNamesOfAllScripts(String name) {
    assertThat(new Username(name).value()).isEqualTo(name);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "ann smith",
        "ann@example.org",
        "open:ws:ann",
        "a/b",
        "<b>",
        "ann\u0000",
        "ann\u200b",
        "\u202eann",
        ".ann",
        "ann.",
        "_",
        "-",
        "\ud83d\ude00",
        "\ud800",
        "\u0301ann",
        // A Cyrillic letter among Latin ones.
        "\u0430nn"
      })
  void refusesWhatMisleads(String name) {
    assertThatThrownBy(() -> new Username(name))
        .isInstanceOf(RefusedException.class)
        .hasMessageContaining("username");
  }

  @Test
  void has1To64Characters() {
    assertThat(new Username("x".repeat(64)).value()).hasSize(64);
    assertThatThrownBy(() -> new Username("x".repeat(65)))
        .hasMessage("username must have 1 to 64 characters");
  }

  @ParameterizedTest
  @CsvSource({
    "ann, ANN, true",
    "ann, ａｎｎ, true",
    "strasse, STRASSE, true",
    "straße, STRASSE, true",
    "ΣΊΣΥΦΟΣ, σίσυφος, true",
    "ﬁnn, finn, true",
    "ann, anna, false",
    "jürgen, jurgen, false",
  })
  void hasAKeyWithoutInvisibleDifferences(String one, String other, boolean same) {
    assertThat(new Username(one).key().equals(new Username(other).key())).isEqualTo(same);
  }
}
