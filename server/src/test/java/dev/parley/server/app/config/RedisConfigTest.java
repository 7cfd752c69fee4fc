package dev.parley.server.app.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RedisConfigTest {
  @ParameterizedTest
  @CsvSource({
    "redis://localhost:6379, false, localhost, 6379, 0",
    "redis://localhost, false, localhost, 6379, 0",
    "rediss://cache.example:6380/3, true, cache.example, 6380, 3",
    "localhost:6379, false, localhost, 6379, 0",
    "my_redis, false, my_redis, 6379, 0",
    ":6380, false, localhost, 6380, 0",
    "[::1]:6380, false, [::1], 6380, 0",
    "redis://h/, false, h, 6379, 0",
  })
  void readsTheForms(String text, boolean tls, String host, int port, int database) {
    assertThat(RedisConfig.parse(text))
        .isEqualTo(new RedisConfig(tls, host, port, Optional.empty(), Optional.empty(), database));
  }

  @Test
  void readsCredentials() {
    var both = RedisConfig.parse("redis://app:p%40ss@h:1");
    assertThat(both.user()).contains("app");
    assertThat(both.password()).contains(new Secret("p@ss"));
    assertThat(both).asString().doesNotContain("p@ss");
    var passwordOnly = RedisConfig.parse("redis://:pw@h");
    assertThat(passwordOnly.user()).isEmpty();
    assertThat(passwordOnly.password()).contains(new Secret("pw"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://h",
        "redis://h:port",
        "redis://h:0",
        "redis://h:70000",
        "redis://h/x",
        "a b",
        "redis://h/99999"
      })
  void refusesTheRest(String text) {
    assertThatThrownBy(() -> RedisConfig.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }
}
