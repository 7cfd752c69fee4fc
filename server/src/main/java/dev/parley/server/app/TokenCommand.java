package dev.parley.server.app;

import dev.parley.server.adapter.postgres.Database;
import dev.parley.server.adapter.postgres.Migrations;
import dev.parley.server.app.config.Config;
import dev.parley.server.domain.identity.TokenPair;
import dev.parley.server.domain.identity.Username;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/// Signs a device in as an account, without its password, and prints the access token. Whoever may
/// read the configuration and reach the database could do the same by hand.
final class TokenCommand implements Command {
  private static final String DEVICE = "parley token";

  private final Shell shell;

  TokenCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public String name() {
    return "token";
  }

  @Override
  public CommandSpec spec() {
    var spec =
        Specs.command(
            name(),
            "Print an access token of an account, for trying things by hand. It counts as a new device of the account.",
            "parley token ann",
            "curl -H \"Authorization: Bearer $(parley token ann)\" http://127.0.0.1:8080/api/v1/me",
            "parley token ann --access-token-ttl 1h");
    spec.addPositional(
        PositionalParamSpec.builder()
            .index("0")
            .arity("1")
            .type(String.class)
            .paramLabel("<username>")
            .description("Whose token.")
            .build());
    return ConfigOptions.addTo(spec);
  }

  @Override
  public int run(ParseResult line) {
    var username = new Username(line.matchedPositionalValue(0, ""));
    var config = shell.loader().load(ConfigOptions.of(line));
    var access = signInAs(username, config).access();
    shell.err().println("good until " + access.expiresAt());
    shell.out().println(access.text());
    return ExitCode.OK;
  }

  private TokenPair signInAs(Username username, Config config) {
    var machine = Machine.ofProcess();
    try (var lifecycle = new Lifecycle()) {
      lifecycle.started("the threads", machine::close);
      var visit = DatabaseVisit.to(config.database(), machine.random(), shell.err()::println);
      lifecycle.started("PostgreSQL", visit);
      if (!new Migrations(visit.config()).isCurrent()) {
        throw new StartException(
            "The database has not the schema of this version. Start its server, or run ./parley migrate.");
      }
      var database =
          Database.open(visit.config(), machine.random(), machine.telemetry(), machine.ticker());
      lifecycle.started("the connections to the database", database);
      var backends = Backends.of(database, config, machine, lifecycle);
      var core = Core.of(backends, machine, config, lifecycle);
      return core.accounts().signInAs(username, DEVICE);
    }
  }
}
