package dev.parley.server.app.config;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/// `docs/configuration.md` tells of every key what [ConfigKey] tells.
class ConfigurationDocTest {
  private static final Path PAGE = Path.of("../docs/configuration.md");

  @Test
  void thePageHoldsTheTable() throws IOException {
    var page = Files.readString(PAGE);
    var table =
        page.substring(page.indexOf("| Key |"), page.indexOf("\n\n", page.indexOf("| Key |")) + 1);
    assertThat(table).isEqualTo(table());
  }

  private static String table() {
    return "| Key | Also | Flag | What it is for | Allowed | Default |\n|---|---|---|---|---|---|\n"
        + Arrays.stream(ConfigKey.values()).map(ConfigurationDocTest::row).collect(joining());
  }

  private static String row(ConfigKey key) {
    return "| `%s` | %s | %s | %s | %s | %s |\n"
        .formatted(
            key,
            key.aliases().stream().map(alias -> "`" + alias + "`").collect(joining(", ")),
            key.flag().map(flag -> "`" + flag + "`").orElse(""),
            key.purpose(),
            key.allowed(),
            key.standard());
  }
}
