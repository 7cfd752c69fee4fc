package dev.parley.server.app;

import dev.parley.server.adapter.postgres.Migrations;
import dev.parley.server.adapter.postgres.embedded.EmbeddedPostgres;
import dev.parley.server.app.config.Config;
import dev.parley.server.app.config.DatabaseConfig;
import java.util.random.RandomGenerator;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/// Brings the database to the schema of this version and ends. `serve` does it too, at its start.
final class MigrateCommand implements Command {
  private final Shell shell;
  private final RandomGenerator chance;

  /// @param chance a secure one
  MigrateCommand(Shell shell, RandomGenerator chance) {
    this.shell = shell;
    this.chance = chance;
  }

  @Override
  public String name() {
    return "migrate";
  }

  @Override
  public CommandSpec spec() {
    return ConfigOptions.addTo(
        Specs.command(
            name(),
            "Bring the database to the schema of this version. The server does it too when it starts.",
            "parley migrate",
            "DATABASE_URL=… parley migrate"));
  }

  @Override
  public int run(ParseResult line) {
    var config = shell.loader().load(ConfigOptions.of(line));
    boolean changed = migrate(config);
    shell.out().println(changed ? "migrated" : "nothing to do: the database is up to date");
    return ExitCode.OK;
  }

  private boolean migrate(Config config) {
    return switch (config.database()) {
      case DatabaseConfig.External external -> new Migrations(Databases.of(external)).migrate();
      case DatabaseConfig.Embedded embedded -> {
        try (var postgres = EmbeddedPostgres.start(embedded.data(), chance, shell.err()::println)) {
          yield new Migrations(postgres.config()).migrate();
        }
      }
    };
  }
}
