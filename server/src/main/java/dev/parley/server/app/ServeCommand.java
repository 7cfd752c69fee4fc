package dev.parley.server.app;

import dev.parley.server.app.config.Config;
import dev.parley.server.app.config.ConfigKey;
import dev.parley.server.app.logging.Logging;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
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
    var running = node.start(config, shell);
    var stopped = new AtomicBoolean();
    Runtime.getRuntime()
        .addShutdownHook(new Thread(() -> stopOnSignal(running, log, stopped), "stop"));
    running.await();
    LOG.error("stopping, because it cannot go on");
    stopped.set(true);
    running.close();
    return ExitCode.FAILED;
  }

  /// SIGINT and SIGTERM end here. Without `halt` the process would end with the number of the
  /// signal.
  private static void stopOnSignal(Node.Running running, Logging log, AtomicBoolean stopped) {
    if (stopped.get()) {
      return;
    }
    int code = ExitCode.OK;
    try {
      running.close();
    } catch (Exception e) {
      LOG.error("could not stop cleanly", e);
      code = ExitCode.FAILED;
    }
    log.close();
    Runtime.getRuntime().halt(code);
  }
}
