package dev.parley.server.flow;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.client.Time;
import dev.parley.client.verify.Verify;
import dev.parley.client.verify.VerifyOptions;
import dev.parley.server.testing.PostgresExtension;
import dev.parley.server.testing.TestDatabase;
import dev.parley.server.testing.TestServer;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// The delivery checker against a whole node, for a few seconds; `./parley verify` goes on longer.
@ExtendWith(PostgresExtension.class)
final class VerifyTest {
  @Test
  void aFewSecondsUnderLoadAreClean(TestDatabase database, @TempDir Path folder) throws Exception {
    var history = folder.resolve("history.jsonl");
    var out = new ByteArrayOutputStream();
    try (var server = TestServer.start(database, Map.of())) {
      var options =
          new VerifyOptions(
              List.of(server.http()),
              Duration.ofSeconds(4),
              2,
              4,
              4,
              4,
              100,
              16,
              Duration.ofSeconds(1),
              Duration.ofSeconds(30),
              Optional.of(history),
              7);
      boolean isClean = new Verify(options, Time.system(), new PrintStream(out, true, UTF_8)).run();

      assertThat(isClean).as(out.toString(UTF_8)).isTrue();
    }
    try (var lines = Files.lines(history)) {
      assertThat(lines.filter(line -> line.contains("\"what\":\"Acked\""))).hasSizeGreaterThan(20);
    }
  }
}
