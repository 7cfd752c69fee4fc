package dev.parley.server.compat.workspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.server.compat.SeedHttp;
import dev.parley.server.compat.SeedSocket;
import dev.parley.server.testing.Outage;
import dev.parley.server.testing.PostgresExtension;
import dev.parley.server.testing.TestDatabase;
import dev.parley.server.testing.TestServer;
import java.net.URI;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// What the first seed's clients see while the database is away.
@ExtendWith(PostgresExtension.class)
final class WorkspaceOutageTest {
  @Test
  void nothingIsSwallowed(TestDatabase database) throws SQLException {
    try (var server = TestServer.start(database, Map.of())) {
      var http = new SeedHttp(server.http());
      http.post("/api/v1/orgs", "{\"id\":\"o\",\"name\":\"O\"}");
      http.post("/api/v1/orgs/o/groups", "{\"id\":\"g\",\"name\":\"G\"}");
      var address = server.ws() + "/ws/orgs/o/groups/g?clientId=";
      try (var speaker = SeedSocket.open(URI.create(address + "speaker"));
          var silent = SeedSocket.open(URI.create(address + "silent"))) {
        speaker.say("{\"content\":\"before\"}");
        assertThat(silent.contents(1)).containsExactly("before");
        try (var away = new Outage(database)) {
          assertThat(http.get("/api/v1/orgs/o/groups").status()).isEqualTo(503);
          assertThat(http.get("/ws/orgs/o/groups/g?clientId=x").error()).isNotEmpty();
          await()
              .pollInterval(Duration.ofMillis(100))
              .until(() -> !speaker.trySay("{\"content\":\"meanwhile\"}"));
          assertThat(speaker.closeCode()).isEqualTo(1013);
          assertThat(silent.ping("still here?")).isEqualTo("still here?");
        }
        await().atMost(Duration.ofSeconds(30)).until(() -> isKept(address, "probe"));
        silent.say("{\"content\":\"after\"}");
        assertThat(silent.upTo("after")).isEqualTo("after");
      }
    }
  }

  /// Whether somebody new can say something and hear it.
  private static boolean isKept(String address, String content) {
    try (var socket = SeedSocket.open(URI.create(address + "probe"))) {
      return socket.trySay("{\"content\":\"" + content + "\"}")
          && content.equals(socket.upTo(content));
    } catch (RuntimeException | AssertionError e) {
      return false;
    }
  }
}
