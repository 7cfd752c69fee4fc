package dev.parley.server.app;

import dev.parley.server.app.config.Config;
import dev.parley.server.app.config.LogConfig;
import java.net.URI;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Starts a node for people: tells them what takes long, and greets them when it is ready.
final class Serving implements Node {
  private static final Logger LOG = LoggerFactory.getLogger(Serving.class);

  @Override
  public Running start(Config config, Shell shell) {
    var node = ParleyNode.start(config, step -> say(shell, step));
    var greeting = Greeting.of(config, node.port());
    greet(greeting, config, shell);
    LOG.info("listening on {}:{}", config.server().host(), node.port());
    return new ServingNode(node, greeting.address());
  }

  private record ServingNode(ParleyNode node, URI address) implements Running {
    @Override
    public void await() throws InterruptedException {
      node.await();
    }

    @Override
    public void close() {
      LOG.info("stopping");
      node.close();
      LOG.info("stopped");
    }
  }

  private static void say(Shell shell, String step) {
    if (shell.terminal()) {
      shell.out().println("  " + step);
    } else {
      LOG.info("{}", step);
    }
  }

  /// Where stdout is for machines, people are greeted on stderr.
  private static void greet(Greeting greeting, Config config, Shell shell) {
    boolean machines = config.log().format() == LogConfig.Format.JSON;
    (machines ? shell.err() : shell.out()).print(greeting.text());
  }
}
