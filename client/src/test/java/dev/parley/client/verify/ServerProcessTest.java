package dev.parley.client.verify;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ServerProcessTest {
  @TempDir Path folder;

  /// Whoever runs a campaign may have a `DATABASE_URL` and a `.env` for a server of their own.
  @Test
  void theServerGetsNothingThatLeadsItElsewhere() throws Exception {
    var start = new ServerProcess.Start(List.of("/bin/sh", "-c", "pwd; export -p"), Set.of("HOME"));
    assertThat(System.getenv()).containsKey("HOME");
    assertThat(start.run(folder).waitFor()).isZero();
    assertThat(Files.readAllLines(folder.resolve("server.log")))
        .contains(folder.toRealPath().toString())
        .noneMatch(line -> line.startsWith("export HOME="));
  }
}
