package dev.parley.server.testing;

import dev.parley.server.app.ParleyNode;
import dev.parley.server.app.config.ConfigLoader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/// A whole node on free ports and a database of its own, for tests that come through the front
/// door.
public final class TestServer implements AutoCloseable {
  private final ParleyNode node;

  private TestServer(ParleyNode node) {
    this.node = node;
  }

  /// Starts a node on this database.
  ///
  /// @param settings further keys of docs/configuration.md
  public static TestServer start(TestDatabase database, Map<String, String> settings) {
    var environment = environment(database, settings);
    try {
      Path folder = Files.createTempDirectory("parley-test");
      environment.putIfAbsent("PARLEY_DATA", folder.toString());
      var loader = new ConfigLoader(environment, folder, folder, false);
      return new TestServer(ParleyNode.start(loader.load(Map.of()), step -> {}));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The variables that such a node is started with.
  public static Map<String, String> environment(
      TestDatabase database, Map<String, String> settings) {
    var config = database.config();
    var environment = new HashMap<String, String>();
    environment.put(
        "DATABASE_URL",
        "postgres://%s:%s@%s:%d/%s"
            .formatted(
                config.user(), config.password(), config.host(), config.port(), config.database()));
    environment.put("PORT", "0");
    environment.put("API_PORT", "0");
    environment.put("JWT_SECRET", "a secret for tests that is long enough for HS256");
    environment.putAll(settings);
    return environment;
  }

  /// The address of the main port.
  public URI http() {
    return URI.create("http://127.0.0.1:" + node.port());
  }

  /// The address of the main port for sockets.
  public URI ws() {
    return URI.create("ws://127.0.0.1:" + node.port());
  }

  /// The address of the second port.
  public URI api() {
    return URI.create("http://127.0.0.1:" + node.apiPort().orElseThrow());
  }

  @Override
  public void close() {
    node.close();
  }
}
