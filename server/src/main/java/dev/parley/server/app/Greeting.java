package dev.parley.server.app;

import dev.parley.server.app.config.Config;
import java.net.URI;
import java.util.Set;

/// What people are told when a node is ready: its address, and only what works there.
record Greeting(Config config, URI address) {
  private static final Set<String> EVERYWHERE = Set.of("0.0.0.0", "::", "0:0:0:0:0:0:0:0");

  static Greeting of(Config config, int port) {
    var scheme = config.server().tls().isPresent() ? "https" : "http";
    return new Greeting(config, URI.create(scheme + "://" + host(config) + ":" + port));
  }

  /// As a URL wants it (RFC 3986, section 3.2.2).
  private static String host(Config config) {
    var host = config.server().host().replace("[", "").replace("]", "");
    if (EVERYWHERE.contains(host)) {
      return "localhost";
    }
    return host.contains(":") ? "[" + host.replace("%", "%25") + "]" : host;
  }

  String text() {
    return "%nParley is ready: %s%n%n%sCtrl-C stops it; what was said stays.%n%n"
        .formatted(address, toTry());
  }

  private String toTry() {
    return switch (config.node().role()) {
      case ALL -> config.compat().open() ? threeThings() : chat();
      case API -> curl();
      case GATEWAY, WORKER -> "";
    };
  }

  private String threeThings() {
    return """
        Three things to try:
          1. a group to talk in, from another terminal (again later: it says that they exist):
             curl %1$s/api/v1/orgs -H 'Content-Type: application/json' -d '{"id":"org1","name":"Acme"}'
             curl %1$s/api/v1/orgs/org1/groups -H 'Content-Type: application/json' -d '{"id":"group1","name":"General"}'
          2. open %1$s in a browser, and in its console:
             ws = new WebSocket("%2$s/ws/orgs/org1/groups/group1?clientId=me")
             ws.onmessage = e => console.log(e.data); ws.onopen = () => ws.send('{"content":"hi"}')
          3. ./parley chat --url %1$s

        """
        .formatted(address, address.toString().replaceFirst("http", "ws"));
  }

  private String chat() {
    return "Try it: ./parley chat --url %s%n%n".formatted(address);
  }

  private String curl() {
    return "Try it: curl %s/healthz%n%n".formatted(address);
  }
}
