package dev.parley.server.flow;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.client.chat.Chat;
import dev.parley.client.chat.ChatOptions;
import dev.parley.client.chat.Screen;
import dev.parley.server.testing.PostgresExtension;
import dev.parley.server.testing.TestDatabase;
import dev.parley.server.testing.TestServer;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringReader;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// The terminal chat, by what is typed and what is shown.
@ExtendWith(PostgresExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ChatTest {
  private static final String PASSWORD = "a long and unusual password";

  @TempDir Path folder;
  private TestServer server;

  @BeforeAll
  void start(TestDatabase database) {
    server = TestServer.start(database, Map.of());
  }

  @AfterAll
  void stop() {
    server.close();
  }

  @Test
  void somebodyNewFindsTheirWay() throws IOException {
    var dora =
        chat("dora", Optional.empty(), "wrong but long enough", "n", PASSWORD, "y", "", "/quit");
    assertThat(dora).contains("signed in as dora");

    var carl =
        chat(
            "carl",
            Optional.empty(),
            PASSWORD,
            "y",
            "Acme",
            "first words \u001b[31m",
            "/add dora",
            "/who",
            "/new side",
            "/rooms",
            "/open nowhere",
            "/nonsense",
            "/dm dora",
            "psst");
    assertThat(carl)
        .contains("— general —", "  carl", "  dora", "— side —", "  general")
        .contains("! there is no room called nowhere", "! no such command")
        .contains("— dora —");

    var back = chat("dora", Optional.of("general"), "hello carl", "/quit");
    assertThat(back).contains("carl: first words ?[31m").doesNotContain("\u001b");

    var again = chat("carl", Optional.of("general"), "/quit");
    assertThat(again).contains("dora: hello carl");
    for (var file : Files.list(folder).toList()) {
      var permissions = Files.getPosixFilePermissions(file);
      assertThat(PosixFilePermissions.toString(permissions)).isEqualTo("rw-------");
    }
  }

  @Test
  void aServerThatIsAwayIsSaid() {
    var out = new ByteArrayOutputStream();
    var away = URI.create("http://127.0.0.1:1");
    var options = new ChatOptions(away, Optional.of("ann"), Optional.empty(), folder);
    boolean gotIn = new Chat(options, screen(out, PASSWORD)).run();

    assertThat(gotIn).isFalse();
    assertThat(out.toString(UTF_8)).contains("no server answers at http://127.0.0.1:1");
  }

  private String chat(String user, Optional<String> room, String... lines) {
    var out = new ByteArrayOutputStream();
    var options = new ChatOptions(server.http(), Optional.of(user), room, folder);
    new Chat(options, screen(out, lines)).run();
    return out.toString(UTF_8);
  }

  private static Screen screen(ByteArrayOutputStream out, String... lines) {
    var in = new BufferedReader(new StringReader(String.join("\n", lines)));
    return new Screen(in, new PrintStream(out, true, UTF_8), null, false);
  }
}
