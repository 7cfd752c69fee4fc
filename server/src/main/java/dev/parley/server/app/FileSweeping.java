package dev.parley.server.app;

import dev.parley.server.base.OutageException;
import dev.parley.server.base.RefusedException;
import dev.parley.server.domain.file.FileSweep;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sweeps the files from time to time, as long as the node runs.
final class FileSweeping {
  private static final Logger LOG = LoggerFactory.getLogger(FileSweeping.class);
  private static final Duration PAUSE = Duration.ofMinutes(1);

  private final FileSweep sweep;
  private final Machine machine;

  private FileSweeping(FileSweep sweep, Machine machine) {
    this.sweep = sweep;
    this.machine = machine;
  }

  /// Begins after a pause; it ends with the threads of the machine.
  static void start(Backends backends, Machine machine) {
    var shelf = backends.files();
    var sweep = new FileSweep(shelf.store(), shelf.blobs(), machine.clock(), machine.telemetry());
    new FileSweeping(sweep, machine).later();
  }

  private void later() {
    machine.later(PAUSE, this::run);
  }

  private void run() {
    try {
      sweep.run();
    } catch (OutageException | RefusedException e) {
      LOG.warn("files are not swept now: {}", e.getMessage());
    } finally {
      later();
    }
  }
}
