package dev.parley.server.app;

import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Remembers what was started, and stops it in the reverse order; a failure to stop one does not
/// keep the others running.
final class Lifecycle implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Lifecycle.class);

  private final Deque<Part> parts = new ArrayDeque<>();

  private record Part(String name, AutoCloseable stop) {}

  /// Takes something that was just started.
  void started(String name, AutoCloseable stop) {
    parts.push(new Part(name, stop));
  }

  @Override
  public void close() {
    for (var part = parts.poll(); part != null; part = parts.poll()) {
      try {
        part.stop().close();
      } catch (Exception e) {
        LOG.error("{} did not stop cleanly", part.name(), e);
      }
    }
  }
}
