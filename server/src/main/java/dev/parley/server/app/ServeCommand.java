package dev.parley.server.app;

import dev.parley.server.app.config.Config;
import dev.parley.server.app.config.ConfigKey;
import dev.parley.server.app.logging.Logging;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/// Runs a role of the product until it is told to stop.
final class ServeCommand implements Command {
  private static final Logger LOG = LoggerFactory.getLogger(ServeCommand.class);

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
    return serve(ConfigOptions.of(line));
  }

  /// Runs with these flags; returns an [ExitCode] when the role has stopped by itself.
  int serve(Map<ConfigKey, String> flags) throws Exception {
    var config = shell.loader().load(flags);
    try (var log = Logging.open(config.log(), shell.out(), shell.terminal())) {
      return run(config, log);
    }
  }

  private int run(Config config, Logging log) throws Exception {
    var ending = new Ending(Thread.currentThread(), log);
    Runtime.getRuntime().addShutdownHook(new Thread(ending::onExit, "stop"));
    try {
      var running = start(config, ending);
      running.await();
      ending.byItself();
      LOG.error("stopping, because it cannot go on");
      running.close();
      return ExitCode.FAILED;
    } catch (Exception e) {
      ending.byItself();
      throw e;
    }
  }

  private Node.Running start(Config config, Ending ending) throws Exception {
    Optional<Node.Running> running = Optional.empty();
    try {
      running = Optional.of(node.start(config, shell));
      return running.get();
    } finally {
      ending.startEnded(running);
    }
  }
}
