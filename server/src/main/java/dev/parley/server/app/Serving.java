package dev.parley.server.app;

import dev.parley.server.app.config.Config;
import dev.parley.server.app.config.LogConfig;
import java.net.URI;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Starts a node for people: tells them what takes long, and greets them when it is ready.
final class Serving implements Node {
  private static final Logger LOG = LoggerFactory.getLogger(Serving.class);

  @Override
  public Running start(Config config, Shell shell) {
    var node = ParleyNode.start(config, step -> say(shell, step));
    var address = address(config, node.port());
    greet(address, config, shell);
    LOG.info("listening on {}:{}", config.server().host(), node.port());
    return new ServingNode(node, address);
  }

  private record ServingNode(ParleyNode node, URI address) implements Running {
    /// Nothing stops a node but its operator.
    @Override
    public void await() throws InterruptedException {
      new CountDownLatch(1).await();
    }

    @Override
    public void close() {
      LOG.info("stopping");
      node.close();
      LOG.info("stopped");
    }
  }

  private static URI address(Config config, int port) {
    var scheme = config.server().tls().isPresent() ? "https" : "http";
    var host = config.server().host().equals("0.0.0.0") ? "localhost" : config.server().host();
    return URI.create(scheme + "://" + host + ":" + port);
  }

  private static void say(Shell shell, String step) {
    if (shell.terminal()) {
      shell.out().println("  " + step);
    } else {
      LOG.info("{}", step);
    }
  }

  /// Where stdout is for machines, people are greeted on stderr.
  private static void greet(URI address, Config config, Shell shell) {
    boolean machines = config.log().format() == LogConfig.Format.JSON;
    (machines ? shell.err() : shell.out())
        .printf(
            """

            Parley is ready: %1$s

            Three things to try:
              1. a group to talk in, from another terminal (again later: it says that they exist):
                 curl %1$s/api/v1/orgs -H 'Content-Type: application/json' -d '{"id":"org1","name":"Acme"}'
                 curl %1$s/api/v1/orgs/org1/groups -H 'Content-Type: application/json' -d '{"id":"group1","name":"General"}'
              2. open %1$s in a browser, and in its console:
                 ws = new WebSocket("%2$s/ws/orgs/org1/groups/group1?clientId=me")
                 ws.onmessage = e => console.log(e.data); ws.onopen = () => ws.send('{"content":"hi"}')
              3. ./parley chat

            Ctrl-C stops it; what was said stays.

            """,
            address, address.toString().replaceFirst("http", "ws"));
  }
}
