package dev.parley.server.adapter.postgres.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.DriverManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class EmbeddedPostgresTest {
  @TempDir Path data;

  @Test
  void startsOnExistingDataQuickly() throws Exception {
    for (int i = 0; i < 4; i++) {
      long t = System.nanoTime();
      try (var postgres = EmbeddedPostgres.start(data, new SecureRandom(), System.out::println)) {
        System.out.println("start " + (System.nanoTime() - t) / 1_000_000 + " ms");
        var config = postgres.config().withDatabase("postgres");
        try (var c =
            DriverManager.getConnection(config.jdbcUrl(), config.user(), config.password())) {
          System.out.println("connected " + (System.nanoTime() - t) / 1_000_000 + " ms");
        }
        t = System.nanoTime();
      }
      System.out.println("stop " + (System.nanoTime() - t) / 1_000_000 + " ms");
    }
    assertThat(data).exists();
  }
}
