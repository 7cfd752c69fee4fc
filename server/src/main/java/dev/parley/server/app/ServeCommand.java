package dev.parley.server.app;

import dev.parley.server.app.config.Config;
import dev.parley.server.app.logging.Logging;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/// Runs a role of the product until it is told to stop.
final class ServeCommand implements Command {
  /// Builds the objects of a role, starts them, and returns when they have stopped.
  interface Node {
    /// Runs until SIGINT or SIGTERM; returns an [ExitCode].
    int run(Config config, Shell shell) throws Exception;
  }

  private final Shell shell;
  private final Node node;

  ServeCommand(Shell shell, Node node) {
    this.shell = shell;
    this.node = node;
  }

  @Override
  public String name() {
    return "serve";
  }

  @Override
  public CommandSpec spec() {
    return ConfigOptions.addTo(
        Specs.command(
            name(),
            "Run the server. Every key of docs/configuration.md that is no secret is also a flag.",
            "parley                                            everything, on port 8080",
            "parley serve --port 9000 --data /srv/parley       another port, another folder",
            "parley serve --role gateway --host 0.0.0.0        only the sockets, for all the network",
            "PARLEY_PROFILE=production JWT_SECRET=… DATABASE_URL=… parley serve"));
  }

  @Override
  public int run(ParseResult line) throws Exception {
    var config = shell.loader().load(ConfigOptions.of(line));
    try (var log = Logging.open(config.log(), shell.out(), shell.terminal())) {
      return node.run(config, shell);
    }
  }
}
