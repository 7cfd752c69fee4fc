package dev.parley.server.app;

import dev.parley.server.app.config.ConfigLoader.Effective;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/// Prints the configuration that `serve` would use, and where each value comes from.
final class ConfigCommand implements Command {
  private final Shell shell;

  ConfigCommand(Shell shell) {
    this.shell = shell;
  }

  @Override
  public String name() {
    return "config";
  }

  @Override
  public CommandSpec spec() {
    return ConfigOptions.addTo(
        Specs.command(
            name(),
            "Print the effective configuration and where each value comes from. Secrets are hidden.",
            "parley config",
            "PORT=9000 parley config | grep PORT"));
  }

  @Override
  public int run(ParseResult line) {
    var flags = ConfigOptions.of(line);
    var rows = shell.loader().effective(flags);
    print(rows);
    // After the table, so that it helps to find what is refused here.
    shell.loader().load(flags);
    return ExitCode.OK;
  }

  private void print(List<Effective> rows) {
    int keys = rows.stream().mapToInt(row -> row.key().name().length()).max().orElse(0);
    int values =
        rows.stream()
            .mapToInt(row -> row.value().length())
            .filter(length -> length <= 50)
            .max()
            .orElse(0);
    for (var row : rows) {
      shell
          .out()
          .printf(
              "%-" + keys + "s  %-" + values + "s  (%s)%n", row.key(), row.value(), row.origin());
    }
  }
}
