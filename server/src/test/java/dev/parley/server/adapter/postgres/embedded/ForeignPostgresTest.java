package dev.parley.server.adapter.postgres.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.parley.server.adapter.postgres.Database;
import dev.parley.server.adapter.postgres.DatabaseChecks;
import dev.parley.server.adapter.postgres.DatabaseConfig;
import dev.parley.server.adapter.postgres.Migrations;
import dev.parley.server.base.Finding;
import dev.parley.server.base.Finding.Level;
import dev.parley.server.base.Telemetry;
import dev.parley.server.base.Ticker;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a database outside must be, and that the oldest version we support works.
final class ForeignPostgresTest {
  private static final Path OLDEST = Path.of("/usr/lib/postgresql/15");

  @TempDir Path data;

  @Test
  void refusesADatabaseThatWouldForget() throws Exception {
    Binaries binaries =
        new Binaries(PreparedFolder.prototype().home().resolve("bin-" + Binaries.VERSION));
    String[] off = {"fsync=off", "full_page_writes=off", "synchronous_commit=off"};
    try (var postgres = ForeignPostgres.start(binaries, data, off)) {
      DatabaseConfig config = postgres.config("parley");
      new Migrations(config).migrate();
      assertThat(refusals(config))
          .extracting(Finding::what)
          .satisfiesExactly(
              what -> assertThat(what).startsWith("fsync is off"),
              what -> assertThat(what).startsWith("full_page_writes is off"),
              what -> assertThat(what).startsWith("synchronous_commit is off"));
    }
  }

  @Test
  void worksOnTheOldestVersion() throws Exception {
    assumeThat(OLDEST.resolve("bin/postgres"))
        .as(
            "PostgreSQL 15 is not installed (Debian package postgresql-15): the oldest version is not tried")
        .exists();
    try (var postgres = ForeignPostgres.start(new Binaries(OLDEST), data)) {
      DatabaseConfig config = postgres.config("parley");
      assertThat(new Migrations(config).migrate()).isTrue();
      assertThat(new Migrations(config).migrate()).isFalse();
      assertThat(refusals(config)).isEmpty();
      try (var database = Database.open(config, new Random(1), Telemetry.SILENT, Ticker.SYSTEM)) {
        List<String> role =
            database.log(tx -> tx.query("select current_user::text as v", row -> row.text("v")));
        assertThat(role).containsExactly("parley_log");
      }
    }
  }

  private static List<Finding> refusals(DatabaseConfig config) {
    return new DatabaseChecks(config, InstantSource.system())
        .run().stream().filter(finding -> finding.level() == Level.REFUSAL).toList();
  }
}
