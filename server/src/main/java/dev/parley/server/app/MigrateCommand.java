package dev.parley.server.app;

import dev.parley.server.adapter.postgres.DatabaseChecks;
import dev.parley.server.adapter.postgres.Migrations;
import java.time.InstantSource;
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
    try (var visit = DatabaseVisit.to(config.database(), chance, shell.err()::println)) {
      DatabaseStart.check(new DatabaseChecks(visit.config(), InstantSource.system()).server());
      boolean changed = new Migrations(visit.config()).migrate();
      shell.out().println(changed ? "migrated" : "nothing to do: the database is up to date");
    }
    return ExitCode.OK;
  }
}
