package dev.parley.server.compat.workspace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.server.compat.SeedSocket;
import dev.parley.server.testing.PostgresExtension;
import dev.parley.server.testing.TestDatabase;
import dev.parley.server.testing.TestServer;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// The commands of both READMEs of the first seed, letter by letter and in their order. Only what
/// lies outside of them is ours: curl is told where port 8080 is, and so is the browser's
/// WebSocket.
@ExtendWith(PostgresExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Timeout(120)
final class SeedReadmeTest {
  private static final String SNIPPET_OF_000 =
      """
      const ws = new WebSocket('ws://localhost:8080/ws/orgs/org1/groups/group1?clientId=alice');
      ws.onopen = () => ws.send(JSON.stringify({ content: 'Hello world' }));
      ws.onmessage = e => console.log('Received', e.data);
      """;
  private static final String SNIPPET_OF_001 =
      """
      const ws = new WebSocket('ws://localhost:8080/ws/orgs/org1/groups/group1?clientId=user123');

      ws.onopen = () => {
        console.log('Connected!');
        ws.send(JSON.stringify({
          content: 'Hello from client!'
        }));
      };

      ws.onmessage = (event) => {
        const message = JSON.parse(event.data);
        console.log('Received:', message);
      };
      """;

  private final TestServer server;
  private final Path folder;

  SeedReadmeTest(TestDatabase database, @TempDir Path folder) throws IOException {
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
  @Order(1)
  void health() throws IOException {
    assertThat(bash("curl http://localhost:8080/api/v1/health")).isEqualTo("OK");
    assertThat(bash("curl http://localhost:8080/health")).isEqualTo("OK");
  }

  @Test
  @Order(2)
  void createAnOrganization() throws IOException {
    var answer =
        bash(
            """
            curl -X POST http://localhost:8080/api/v1/orgs \\
              -H "Content-Type: application/json" \\
              -d '{"id":"org1","name":"Acme Corp"}'
            """);
    assertThat(answer).contains("\"org_id\":\"org1\"", "\"status\":\"success\"");
  }

  @Test
  @Order(3)
  void createAGroup() throws IOException {
    var answer =
        bash(
            """
            curl -X POST http://localhost:8080/api/v1/orgs/org1/groups \\
              -H "Content-Type: application/json" \\
              -d '{"id":"group1","name":"Engineering"}'
            """);
    assertThat(answer).contains("\"group_id\":\"group1\"", "\"status\":\"success\"");
  }

  @Test
  @Order(4)
  void theSimpleBrowserTest() throws IOException {
    try (var browser = new Browser(SNIPPET_OF_000)) {
      assertThat(browser.line())
          .startsWith("Received {")
          .contains("\"client_id\":\"alice\"", "\"content\":\"Hello world\"");
    }
  }

  @Test
  @Order(5)
  void connectAndBroadcast() throws IOException {
    var address = URI.create(server.ws() + "/ws/orgs/org1/groups/group1?clientId=witness");
    try (var witness = SeedSocket.open(address);
        var browser = new Browser(SNIPPET_OF_001)) {
      assertThat(browser.line()).isEqualTo("Connected!");
      assertThat(witness.contents(1)).containsExactly("Hello from client!");
      assertThat(browser.object())
          .contains("client_id: 'user123'", "content: 'Hello from client!'");
      var answer =
          bash(
              """
              curl -X POST http://localhost:8080/api/v1/orgs/org1/groups/group1/broadcast \\
                -H "Content-Type: application/json" \\
                -d '{"content":"Team meeting in 5 minutes!"}'
              """);
      assertThat(answer).isEqualTo("{\"status\":\"Message broadcasted to group\"}");
      assertThat(browser.object()).contains("content: 'Team meeting in 5 minutes!'");
    }
  }

  private String bash(String command) throws IOException {
    var builder = new ProcessBuilder("bash", "-c", command).redirectErrorStream(true);
    builder.environment().put("CURL_HOME", folder.toString());
    var process = builder.start();
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  /// A page that runs a snippet, as far as Node is a browser.
  private final class Browser implements AutoCloseable {
    private final Process process;
    private final BufferedReader output;

    Browser(String snippet) throws IOException {
      var page = folder.resolve("page.js");
      Files.writeString(
          page,
          """
          const Real = globalThis.WebSocket;
          globalThis.WebSocket = class extends Real {
            constructor(address) { super(address.replace('localhost:8080', '127.0.0.1:%d')); }
          };
          """
                  .formatted(server.http().getPort())
              + snippet);
      // Node 20 hides its WebSocket behind this flag; later ones know the flag too.
      process =
          new ProcessBuilder("node", "--experimental-websocket", page.toString())
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      output = process.inputReader(StandardCharsets.UTF_8);
    }

    String line() throws IOException {
      var line = output.readLine();
      if (line == null) {
        throw new EOFException("the page ended");
      }
      return line;
    }

    /// What the console shows of an object.
    String object() throws IOException {
      var text = new StringBuilder(line());
      while (text.indexOf("}") < 0) {
        text.append('\n').append(line());
      }
      return text.toString();
    }

    @Override
    public void close() {
      process.destroyForcibly();
      assertThat(process.onExit().orTimeout(10, TimeUnit.SECONDS).join().isAlive()).isFalse();
    }
  }
}
