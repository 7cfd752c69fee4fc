package dev.parley.server.app;

import dev.parley.server.app.config.Config;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/// Looks at everything that the server will need, one line each, and says what to do. Changes
/// nothing.
final class DoctorCommand implements Command {
  private final Shell shell;
  private final InstantSource clock;

  DoctorCommand(Shell shell, InstantSource clock) {
    this.shell = shell;
    this.clock = clock;
  }

  @Override
  public String name() {
    return "doctor";
  }

  @Override
  public CommandSpec spec() {
    return ConfigOptions.addTo(
        Specs.command(
            name(),
            "Check this machine and this configuration, and say what to do. Exits with 1 when something fails.",
            "parley doctor",
            "DATABASE_URL=… parley doctor"));
  }

  @Override
  public int run(ParseResult line) {
    // A setting that cannot be used ends the command here: every later check would look at the
    // wrong thing.
    var config = shell.loader().load(ConfigOptions.of(line));
    var findings = findings(config);
    findings.forEach(shell.out()::println);
    return findings.stream().anyMatch(Diagnosis::failed) ? ExitCode.FAILED : ExitCode.OK;
  }

  private List<Diagnosis> findings(Config config) {
    var machine = new DoctorMachine(config, clock);
    var settings = new DoctorSettings(config);
    var network = new DoctorNetwork(config);
    var database = new DoctorDatabase(config, clock);
    return Stream.of(
            machine.findings(), settings.findings(), network.findings(), database.findings())
        .flatMap(List::stream)
        .toList();
  }
}
