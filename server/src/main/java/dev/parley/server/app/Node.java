package dev.parley.server.app;

import dev.parley.server.app.config.Config;
import java.net.URI;

/// Builds the objects of a role and starts them.
interface Node {
  /// Returns when the role is ready for its clients.
  ///
  /// @throws Exception when it cannot start; nothing is left running
  Running start(Config config, Shell shell) throws Exception;

  /// A role that runs. Closing it drains: it stops accepting, says good-bye, answers what is in
  /// flight, and stops.
  interface Running extends AutoCloseable {
    /// Where clients reach it.
    URI address();

    /// Returns when it has stopped by itself, because it cannot go on; else never.
    void await() throws InterruptedException;
  }
}
