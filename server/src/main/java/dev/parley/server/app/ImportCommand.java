package dev.parley.server.app;

import dev.parley.server.adapter.password.Argon2Cost;
import dev.parley.server.adapter.password.Argon2PasswordHasher;
import dev.parley.server.adapter.postgres.Database;
import dev.parley.server.adapter.postgres.Migrations;
import dev.parley.server.adapter.postgres.PostgresHistoryStore;
import dev.parley.server.adapter.postgres.PostgresSource;
import dev.parley.server.app.config.Config;
import dev.parley.server.app.config.DatabaseConfig.External;
import dev.parley.server.app.config.DatabaseUrl;
import dev.parley.server.base.OutageException;
import dev.parley.server.compat.SeedImport;
import dev.parley.server.compat.dual.DualImport;
import dev.parley.server.compat.gochat.GoChatImport;
import dev.parley.server.compat.messaging.MessagingImport;
import dev.parley.server.compat.workspace.WorkspaceImport;
import dev.parley.server.domain.intake.Intake;
import dev.parley.server.domain.intake.Report;
import dev.parley.server.domain.intake.Source;
import dev.parley.server.domain.org.Organizations;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/// Takes over the database of a server that spoke one of the dialects before (docs/import.md). It
/// may run beside a server, and as often as one likes.
final class ImportCommand implements Command {
  private static final String FROM = "--from";
  private static final String FAMILY = "--family";
  private static final String DRY_RUN = "--dry-run";

  /// Where the address may stand instead of the command line, which others can read.
  private static final String FROM_VARIABLE = "PARLEY_IMPORT_FROM";

  /// The pools of the source's address are never opened; the least will do.
  private static final int POOL = 5;

  private static final List<SeedImport> FAMILIES =
      List.of(new WorkspaceImport(), new MessagingImport(), new GoChatImport(), new DualImport());

  private final Shell shell;

  ImportCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public String name() {
    return "import";
  }

  @Override
  public CommandSpec spec() {
    var spec =
        Specs.command(
            name(),
            "Take over the users, rooms, messages and tasks of another server's database. Nothing is changed there; what is here already stays as it is.",
            "parley import --from postgres://me:secret@localhost/gochat --dry-run",
            "parley import --from postgres://me:secret@localhost/gochat",
            FROM_VARIABLE + "=postgres://… parley import --family workspace");
    spec.addOption(
        OptionSpec.builder(FROM)
            .type(String.class)
            .paramLabel("<url>")
            .description(
                "The database to read, as a URL or in libpq's form. Default: " + FROM_VARIABLE)
            .build());
    spec.addOption(
        OptionSpec.builder(FAMILY)
            .type(String.class)
            .paramLabel("<name>")
            .description("Whose it is: " + names() + ". Default: told by its tables")
            .build());
    spec.addOption(
        OptionSpec.builder(DRY_RUN)
            .description("Write nothing, and report what would be done.")
            .build());
    spec.usageMessage().exitCodeListHeading("%nExit codes:%n").exitCodeList(exitCodes());
    return ConfigOptions.addTo(spec);
  }

  @Override
  public int run(ParseResult line) {
    var from = from(line);
    var wanted = family(line);
    var config = shell.loader().load(ConfigOptions.of(line));
    try (var source = PostgresSource.open(Databases.of(new External(from, POOL)))) {
      var family = judged(source, wanted);
      shell.err().println("reading " + from + ", the database of a " + family.family() + " server");
      boolean rehearsal = line.hasMatchedOption(DRY_RUN);
      var report = takeOver(source, family, config, rehearsal);
      report.lines(rehearsal).forEach(shell.out()::println);
      return report.complete() ? ExitCode.OK : ExitCode.FAILED;
    } catch (OutageException e) {
      throw new StartException(
          "Parley's own database is away ("
              + e.getMessage()
              + "). Run the import again: what is in already is known.");
    }
  }

  private DatabaseUrl from(ParseResult line) {
    var text =
        Optional.ofNullable(line.matchedOptionValue(FROM, shell.environment().get(FROM_VARIABLE)));
    try {
      return DatabaseUrl.parse(
          text.orElseThrow(
              () -> new IllegalArgumentException("is missing, and so is " + FROM_VARIABLE)));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(line.commandSpec().commandLine(), FROM + ": " + e.getMessage());
    }
  }

  private static Optional<SeedImport> family(ParseResult line) {
    if (!line.hasMatchedOption(FAMILY)) {
      return Optional.empty();
    }
    String name = line.matchedOptionValue(FAMILY, "");
    var family = FAMILIES.stream().filter(one -> one.family().equals(name)).findFirst();
    if (family.isEmpty()) {
      throw new ParameterException(
          line.commandSpec().commandLine(), FAMILY + ": allowed is one of " + names());
    }
    return family;
  }

  /// The family that was named or that the tables tell.
  private static SeedImport judged(Source source, Optional<SeedImport> wanted) {
    var tables = source.tables();
    var fitting = FAMILIES.stream().filter(one -> one.fits(tables)).toList();
    if (wanted.isPresent()) {
      if (!fitting.contains(wanted.get())) {
        throw new StartException(
            "The database has not the tables of a %s server; its tables are: %s"
                .formatted(wanted.get().family(), tables.keySet()));
      }
      return wanted.get();
    }
    if (fitting.size() != 1) {
      throw new StartException(
          "The tables tell no family (%s) or several; they are: %s. Say it with %s, and see docs/import.md."
              .formatted(names(), tables.keySet(), FAMILY));
    }
    return fitting.getFirst();
  }

  private Report takeOver(Source source, SeedImport family, Config config, boolean rehearsal) {
    var machine = Machine.ofProcess();
    try (var lifecycle = new Lifecycle()) {
      lifecycle.started("the threads", machine::close);
      var visit = DatabaseVisit.to(config.database(), machine.random(), shell.err()::println);
      lifecycle.started("PostgreSQL", visit);
      if (!new Migrations(visit.config()).isCurrent()) {
        throw new StartException(
            "Parley's database has not the schema of this version. Start its server, or run ./parley migrate.");
      }
      var database =
          Database.open(visit.config(), machine.random(), machine.telemetry(), machine.ticker());
      lifecycle.started("the connections to the database", database);
      var backends = Backends.of(database, config, machine, lifecycle);
      var report = new Report(shell.err()::println);
      family.run(source, intake(database, backends, machine, rehearsal), report);
      return report;
    }
  }

  private static Intake intake(
      Database database, Backends backends, Machine machine, boolean rehearsal) {
    return new Intake(
        new Intake.Ports(
            backends.identities(),
            new Argon2PasswordHasher(Argon2Cost.OWASP, machine.ids()),
            backends.directory(),
            backends.tasks(),
            backends.rooms(),
            backends.roomLog(),
            new PostgresHistoryStore(database),
            backends.messages(),
            backends.receipts(),
            backends.lastSeen()),
        new Organizations(backends.orgs(), backends.bus(), machine.ids(), machine.clock()),
        machine.ids(),
        machine.clock(),
        rehearsal);
  }

  private static Map<String, String> exitCodes() {
    var codes = new LinkedHashMap<String, String>();
    codes.put("0", "everything is in");
    codes.put("1", "something is not: see the report, or the line that says why");
    codes.put("2", "asked wrongly");
    return codes;
  }

  private static String names() {
    return FAMILIES.stream().map(SeedImport::family).collect(Collectors.joining(", "));
  }
}
