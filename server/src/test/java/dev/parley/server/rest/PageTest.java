package dev.parley.server.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.server.adapter.postgres.Database;
import dev.parley.server.testing.PostgresExtension;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(PostgresExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class PageTest {
  private RestFixture rest;

  @BeforeAll
  void start(Database database) {
    rest = new RestFixture(database);
  }

  @AfterAll
  void stop() throws InterruptedException {
    rest.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/docs"})
  void aPageIsStrictAndLoadsOnlyFromHere(String path) {
    var page = rest.http().get(path);
    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
        .startsWith("default-src 'none'")
        .contains("frame-ancestors 'none'")
        .doesNotContain("unsafe");
    assertThat(page.body())
        .doesNotContain("<style")
        .doesNotContain("style=")
        .doesNotContain("onclick");
    var loaded = Pattern.compile("(?:src|<link[^>]*href)=\"([^\"]+)\"").matcher(page.body());
    while (loaded.find()) {
      var source = loaded.group(1);
      if (!source.equals("data:,")) {
        assertThat(source).startsWith("/");
        assertThat(rest.http().get(source).statusCode()).as(source).isEqualTo(200);
      }
    }
  }
}
