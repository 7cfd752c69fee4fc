package dev.parley.server.compat.gochat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.server.testing.PostgresExtension;
import dev.parley.server.testing.TestDatabase;
import dev.parley.server.testing.TestServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Every endpoint and every frame of the third seed's README, used by programs that know nothing of
/// us: curl and the WebSocket of Node.
@ExtendWith(PostgresExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
final class GoChatReadmeTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /// Sends the README's frame in each of its five types, and shows what comes.
  private static final String PAGE =
      """
      const [address, token, room] = process.argv.slice(2);
      const ws = new WebSocket(`${address}/ws?token=${token}&room_id=${room}`);
      const say = type => ws.send(JSON.stringify({
        "type": type,
        "room_id": room,
        "content": "message content",
        "message_id": 123
      }));
      ws.onopen = () => ['join', 'typing', 'read', 'message'].forEach(say);
      ws.onmessage = e => {
        console.log(e.data);
        if (JSON.parse(e.data).type === 'message') {
          say('leave');
        }
      };
      """;

  private final TestServer server;
  private final Path folder;

  GoChatReadmeTest(TestDatabase database, @TempDir Path folder) throws IOException {
    this.server = TestServer.start(database, Map.of());
    this.folder = folder;
    Files.writeString(
        folder.resolve(".curlrc"),
        "silent\nconnect-to = \"localhost:8080:127.0.0.1:%d\"\n"
            .formatted(server.http().getPort()));
  }

  @AfterAll
  void stop() {
    server.close();
  }

  @Test
  void everyEndpointAndEveryFrame() throws IOException {
    assertThat(bash("curl -o /dev/null -w '%{http_code}' http://localhost:8080/healthz"))
        .isEqualTo("200");
    var ann = "'{\"username\":\"ann\",\"email\":\"ann@example.org\",\"password\":\"secret\"}'";
    bash("curl -X POST http://localhost:8080/auth/signup -d " + ann);
    var session =
        json(
            "curl -X POST http://localhost:8080/auth/login"
                + " -d '{\"username\":\"ann\",\"password\":\"secret\"}'");
    var token = session.get("token").asString();
    var bearer = " -H 'Authorization: Bearer " + token + "' -H 'X-User-ID: whatever' ";
    var room =
        json("curl -X POST http://localhost:8080/rooms"
                + bearer
                + "-d '{\"name\":\"Lobby\",\"type\":\"public\"}'")
            .get("id")
            .asString();
    assertThat(json("curl http://localhost:8080/rooms" + bearer)).hasSize(1);
    assertThat(json("curl http://localhost:8080/rooms/" + room + bearer).get("name").asString())
        .isEqualTo("Lobby");
    assertThat(frames(token, room)).containsExactly("join", "message", "leave");
    var messages = json("curl http://localhost:8080/rooms/" + room + "/messages" + bearer);
    assertThat(messages.get(0).get("content").asString()).isEqualTo("message content");
  }

  /// What Ann's own page hears: typing and reading are for the others.
  private List<String> frames(String token, String room) throws IOException {
    var page = Files.writeString(folder.resolve("page.js"), PAGE);
    // Node 20 hides its WebSocket behind this flag; later ones know the flag too.
    var process =
        new ProcessBuilder(
                "node",
                "--experimental-websocket",
                page.toString(),
                server.ws().toString(),
                token,
                room)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
      return List.of(type(output), type(output), type(output));
    } finally {
      process.destroyForcibly();
    }
  }

  private static String type(BufferedReader output) throws IOException {
    return JSON.readTree(String.valueOf(output.readLine())).get("type").asString();
  }

  private JsonNode json(String command) throws IOException {
    return JSON.readTree(bash(command));
  }

  private String bash(String command) throws IOException {
    var builder = new ProcessBuilder("bash", "-c", command).redirectErrorStream(true);
    builder.environment().put("CURL_HOME", folder.toString());
    var process = builder.start();
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }
}
