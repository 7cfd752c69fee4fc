package dev.parley.server.adapter.postgres.embedded;

import dev.parley.server.base.StartupException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Starts a server on an initialized cluster and waits until it takes connections.
final class Launcher {
  private static final Logger LOG = LoggerFactory.getLogger(Launcher.class);
  private static final long TICK_MILLIS = 10;
  private static final long TICKS_PER_SECOND = 1_000 / TICK_MILLIS;

  /// A recovery reads at most `max_wal_size` of log; this is far beyond that on the slowest disk.
  private static final long MAX_TICKS = 900 * TICKS_PER_SECOND;

  private static final int MAX_LAUNCHES = 100;

  /// The children of a killed server need a moment to notice; until then the cluster is taken.
  private static final List<String> STILL_TAKEN =
      List.of("pre-existing shared memory block", "lock file \"postmaster.pid\" already exists");

  private static final List<String> PORT_TAKEN =
      List.of("could not bind", "could not create any TCP/IP sockets");

  private final Folder folder;
  private final Programs programs;
  private final ServerLog log;
  private final Identity identity;
  private final Progress progress;

  Launcher(Folder folder, Programs programs, Identity identity, Progress progress) {
    this.folder = folder;
    this.programs = programs;
    this.identity = identity;
    this.log = new ServerLog(folder.log());
    this.progress = progress;
  }

  /// Starts the server, on the port of last time if that is free.
  ///
  /// @throws StartupException when it does not start, with the end of its log
  Server launch() throws IOException, InterruptedException {
    int port = freePort(lastPort());
    String tail = "";
    for (int launch = 0; launch < MAX_LAUNCHES; launch++) {
      long logFrom = log.prepare(identity);
      Process process = programs.serve(Settings.arguments(folder, port), log);
      var server = new Server(process.toHandle(), port);
      if (becomesReady(server, process)) {
        Files.writeString(folder.port(), Integer.toString(port));
        folder.hand(folder.port());
        return server;
      }
      tail = log.tail(logFrom);
      if (PORT_TAKEN.stream().anyMatch(tail::contains)) {
        port = freePort(0);
      } else if (STILL_TAKEN.stream().noneMatch(tail::contains)) {
        break;
      }
    }
    throw new StartupException(
        "PostgreSQL did not start. The end of its log %s:%n%s".formatted(log.file(), tail.strip()));
  }

  /// Keeps the log short; to be called now and then. A log that cannot be cut is no reason to stop.
  void capLog() {
    try {
      log.cap();
    } catch (IOException e) {
      LOG.warn("cannot keep {} short: {}", log.file(), e.toString());
    }
  }

  /// Waits until the server takes connections; one that does not is ended, also when the wait is
  /// interrupted: nobody would watch it.
  private boolean becomesReady(Server server, Process process)
      throws IOException, InterruptedException {
    boolean ready = false;
    try {
      ready = becomesReady(process);
    } finally {
      if (!ready && process.isAlive()) {
        server.stop(programs);
      }
    }
    return ready;
  }

  private boolean becomesReady(Process process) throws IOException, InterruptedException {
    for (long tick = 1; tick < MAX_TICKS; tick++) {
      if (process.waitFor(TICK_MILLIS, TimeUnit.MILLISECONDS)) {
        return false;
      }
      if (isReady(process.pid())) {
        return true;
      }
      if (tick % (2 * TICKS_PER_SECOND) == 0) {
        progress.report("PostgreSQL is recovering (" + tick / TICKS_PER_SECOND + " s)");
      }
    }
    return false;
  }

  private boolean isReady(long pid) throws IOException {
    return PidFile.read(folder.cluster())
        .filter(file -> file.pid() == pid && file.ready())
        .isPresent();
  }

  private int lastPort() throws IOException {
    try {
      return Files.exists(folder.port())
          ? Integer.parseInt(Files.readString(folder.port()).strip())
          : 0;
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  /// The wished port if it is free, or any other.
  static int freePort(int wish) throws IOException {
    try (var socket = new ServerSocket(wish, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      if (wish == 0) {
        throw e;
      }
      return freePort(0);
    }
  }
}
