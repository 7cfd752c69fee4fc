package dev.parley.server.house;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.server.base.Metric;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// docs/metrics.md tells of every metric, with its type, labels and help.
final class MetricsPageTest {
  private static final Path PAGE = Path.of("..", "docs", "metrics.md");

  @ParameterizedTest
  @EnumSource
  void everyMetricHasItsLine(Metric metric) throws IOException {
    var labels = metric.labels().isEmpty() ? "" : "`" + String.join("`, `", metric.labels()) + "`";
    var line =
        "| `%s` | %s | %s | %s |"
            .formatted(
                metric.wireName(),
                metric.type().name().toLowerCase(java.util.Locale.ROOT),
                labels,
                metric.help());
    assertThat(Files.readAllLines(PAGE)).contains(line);
  }

  @Test
  void thePageTellsOfNoOther() throws IOException {
    var names = Arrays.stream(Metric.values()).map(Metric::wireName).toList();
    assertThat(Files.readAllLines(PAGE))
        .filteredOn(line -> line.startsWith("| `parley_"))
        .extracting(line -> line.split("`", 3)[1])
        .isSubsetOf(names);
  }
}
