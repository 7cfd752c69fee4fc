package dev.parley.server.app.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EnvFileTest {
  private static String value(String line) {
    return EnvFile.parse(".env", line).get("A");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "A=1                       | 1",
        "export A=1                | 1",
        "  export\tA = 1           | 1",
        "A='8081'      # a comment | 8081",
        "A=\"8081\" # a comment    | 8081",
        "A=8081 # a comment        | 8081",
        "A=pass#word               | pass#word",
        "A='it is # not one'       | it is # not one",
        "A=\"it is # not one\"     | it is # not one",
        "A=two words               | two words",
        "A=a=b==                   | a=b==",
        "A=#word                   | #word",
        "A=\"say \\\"hi\\\" \\\\ \\$X\" | say \"hi\" \\ $X",
        "A='$HOME \\n'             | $HOME \\n",
        "A=$HOME                   | $HOME",
        "A={\"a\":1}               | {\"a\":1}",
      })
  void readsOneLine(String line, String value) {
    assertThat(value(line)).isEqualTo(value);
  }

  @ParameterizedTest
  @ValueSource(strings = {"A=", "A=   ", "A=''", "A=\"\"", "A= # only a comment"})
  void anEmptyValueIsEmpty(String line) {
    assertThat(value(line)).isEmpty();
  }

  @Test
  void quotesSpanLines() {
    var pem = "-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----";
    assertThat(value("A=\"" + pem + "\"\nB=2")).isEqualTo(pem);
    assertThat(value("A='" + pem + "'\nB=2")).isEqualTo(pem);
    assertThat(value("A=\"" + pem.replace("\n", "\\n") + "\"")).isEqualTo(pem);
  }

  @Test
  void skipsWhatSaysNothingAndTakesTheLast() {
    var text = "\uFEFF# head\r\n\r\nA=1\r\n  # more\r\nexport B='2'\r\nA=3";
    assertThat(EnvFile.parse(".env", text))
        .containsOnly(java.util.Map.entry("A", "3"), java.util.Map.entry("B", "2"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "B=1%nexport A             | .env, line 2 cannot be read: want NAME=value",
        "hunter2                   | .env, line 1 cannot be read: want NAME=value",
        "=hunter2                  | .env, line 1 cannot be read: want NAME=value",
        "A='hunter2                | .env, line 1 cannot be read: want a closing '",
        "A=\"hunter2               | .env, line 1 cannot be read: want a closing \"",
        "A='x' hunter2             | .env, line 1 cannot be read: want nothing after the closing quote",
      })
  void namesTheLineButNeverTheValue(String text, String message) {
    assertThatThrownBy(() -> EnvFile.parse(".env", text.formatted()))
        .isInstanceOf(ConfigException.class)
        .hasMessage(message)
        .message()
        .doesNotContain("hunter2");
  }
}
