package dev.parley.server.app;

import dev.parley.server.app.config.Config;
import dev.parley.server.base.StartupException;
import java.io.PrintStream;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs a node in the foreground until SIGINT or SIGTERM, and greets whoever started it.
final class Serving implements ServeCommand.Node {
  private static final Logger LOG = LoggerFactory.getLogger(Serving.class);

  @Override
  public int run(Config config, Shell shell) throws InterruptedException {
    var node = start(config, shell);
    var stopped = new CountDownLatch(1);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(node, stopped), "stop"));
    greet(node, config, shell.out());
    LOG.info("listening on {}:{}", config.server().host(), node.port());
    stopped.await();
    return ExitCode.OK;
  }

  private static ParleyNode start(Config config, Shell shell) {
    try {
      return ParleyNode.start(config, step -> say(shell, step));
    } catch (StartupException e) {
      throw new StartException(String.valueOf(e.getMessage()));
    }
  }

  /// Runs on the way out of the process. The exit code of a signal would be 143 or 130, but being
  /// asked to stop is no failure, so the process ends here.
  private static void stop(ParleyNode node, CountDownLatch stopped) {
    LOG.info("stopping");
    node.close();
    LOG.info("stopped");
    stopped.countDown();
    System.out.flush();
    Runtime.getRuntime().halt(ExitCode.OK);
  }

  private static void say(Shell shell, String step) {
    if (shell.terminal()) {
      shell.out().println("  " + step);
    } else {
      LOG.info("{}", step);
    }
  }

  private static void greet(ParleyNode node, Config config, PrintStream out) {
    var scheme = config.server().tls().isPresent() ? "https" : "http";
    var host = config.server().host().equals("0.0.0.0") ? "localhost" : config.server().host();
    var address = scheme + "://" + host + ":" + node.port();
    out.printf(
        """

        Parley is ready: %1$s

        Three things to try:
          1. curl %1$s/healthz
          2. in a browser's console, on that page:
             const s = new WebSocket("%2$s/ws/orgs/org1/groups/group1?clientId=me");
             s.onmessage = e => console.log(e.data); s.onopen = () => s.send('{"content":"hi"}')
          3. ./parley chat

        Ctrl-C stops it; what was said stays.

        """,
        address, address.replaceFirst("http", "ws"));
    out.flush();
  }
}
