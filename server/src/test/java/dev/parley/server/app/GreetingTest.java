package dev.parley.server.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.server.app.config.ConfigLoader;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GreetingTest {
  @TempDir Path folder;

  private Greeting greeting(Map<String, String> environment, int port) {
    return Greeting.of(
        new ConfigLoader(new HashMap<>(environment), folder, folder, false).load(Map.of()), port);
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1,http://127.0.0.1:9000",
    "0.0.0.0,http://localhost:9000",
    "::,http://localhost:9000",
    "::1,http://[::1]:9000",
    "[::1],http://[::1]:9000",
    "chat.example,http://chat.example:9000"
  })
  void theAddressIsAUrl(String host, String url) {
    assertThat(greeting(Map.of("HOST", host), 9000).address()).hasToString(url);
  }

  @Test
  void everythingToTryGoesToThisNode() {
    var text = greeting(Map.of(), 9000).text();
    assertThat(text)
        .startsWith("\nParley is ready: http://127.0.0.1:9000\n")
        .contains("curl http://127.0.0.1:9000/api/v1/orgs ")
        .contains("ws://127.0.0.1:9000/ws/orgs")
        .contains("./parley chat --url http://127.0.0.1:9000\n")
        .doesNotContain("8080");
  }

  @Test
  void whatIsClosedIsNotOffered() {
    var closed = greeting(Map.of("COMPAT_OPEN", "off"), 9000).text();
    assertThat(closed).contains("./parley chat --url").doesNotContain("curl", "WebSocket");
    for (var role : new String[] {"api", "gateway", "worker"}) {
      assertThat(greeting(Map.of("PARLEY_ROLE", role), 9000).text())
          .contains("ready: http://127.0.0.1:9000")
          .doesNotContain("orgs", "WebSocket", "parley chat");
    }
  }
}
