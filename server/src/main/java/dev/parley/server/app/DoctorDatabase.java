package dev.parley.server.app;

import dev.parley.server.adapter.postgres.DatabaseChecks;
import dev.parley.server.adapter.postgres.DatabaseConfig;
import dev.parley.server.adapter.postgres.embedded.EmbeddedPostgres;
import dev.parley.server.app.config.Config;
import dev.parley.server.app.config.DatabaseConfig.Embedded;
import dev.parley.server.app.config.DatabaseConfig.External;
import java.time.InstantSource;
import java.util.List;

/// The doctor's questions to the database: that of the operator, or our own while it runs.
final class DoctorDatabase {
  private static final String SUBJECT = "database";

  private final Config config;
  private final InstantSource clock;

  DoctorDatabase(Config config, InstantSource clock) {
    this.config = config;
    this.clock = clock;
  }

  List<Diagnosis> findings() {
    return switch (config.database()) {
      case External external -> check(Databases.of(external));
      case Embedded embedded ->
          EmbeddedPostgres.running(embedded.data())
              .map(this::check)
              .orElseGet(() -> ofStopped(embedded));
    };
  }

  private static List<Diagnosis> ofStopped(Embedded embedded) {
    var findings = EmbeddedPostgres.findings(embedded.data());
    return findings.isEmpty()
        ? List.of(Diagnosis.ok(SUBJECT, "our own, which does not run now; the server starts it"))
        : findings.stream().map(finding -> new Diagnosis(SUBJECT, finding)).toList();
  }

  private List<Diagnosis> check(DatabaseConfig database) {
    return new DatabaseChecks(database, clock)
        .run().stream().map(finding -> new Diagnosis(SUBJECT, finding)).toList();
  }
}
