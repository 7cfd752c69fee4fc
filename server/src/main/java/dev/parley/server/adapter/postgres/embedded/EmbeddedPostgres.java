package dev.parley.server.adapter.postgres.embedded;

import dev.parley.server.adapter.postgres.DatabaseConfig;
import dev.parley.server.base.StartupException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A real PostgreSQL in the data folder, with everything that makes a commit durable. It is started
/// again when it dies, and it outlives a killed Parley until the next start takes it over.
///
/// Guarded by its monitor: the change of the present server. Everything else is fixed.
public final class EmbeddedPostgres implements AutoCloseable {
  /// Has every right; Parley itself does not use it.
  public static final String SUPERUSER = "postgres";

  /// Whom Parley connects as.
  public static final String USER = "parley";

  /// The database that Parley uses.
  public static final String DATABASE = "parley";

  static final String HOST = "127.0.0.1";

  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedPostgres.class);
  private static final int MAX_RESTARTS_IN_A_ROW = 30;
  private static final long CALM_SECONDS = 60;
  private static final long BACK_OFF_MILLIS = 200;
  private static final long MAX_BACK_OFF_MILLIS = 5_000;

  private final FolderLock lock;
  private final Programs programs;
  private final Launcher launcher;
  private final String password;
  private final CountDownLatch stopping = new CountDownLatch(1);
  private volatile Server server;

  private EmbeddedPostgres(
      FolderLock lock, Programs programs, Launcher launcher, String password, Server server) {
    this.lock = lock;
    this.programs = programs;
    this.launcher = launcher;
    this.password = password;
    this.server = server;
  }

  /// Starts the server of this data folder, making everything that is missing. Returns when it
  /// takes connections; blocks for about two seconds the first time, and as long as a recovery
  /// takes.
  ///
  /// @param random makes the password; a secure one
  /// @throws StartupException with what to do, when it cannot start
  public static EmbeddedPostgres start(Path dataFolder, RandomGenerator random, Progress progress) {
    var folder = Folder.in(dataFolder);
    try {
      folder.create();
      return start(folder, FolderLock.take(folder), random, progress);
    } catch (AccessDeniedException e) {
      throw new StartupException(
          "This user may not use %s. Run Parley as its owner, or set PARLEY_DATA to another folder."
              .formatted(e.getFile()),
          e);
    } catch (IOException e) {
      throw new StartupException("PostgreSQL cannot use %s: %s".formatted(folder.home(), e), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StartupException("Interrupted while PostgreSQL was starting", e);
    }
  }

  private static EmbeddedPostgres start(
      Folder folder, FolderLock lock, RandomGenerator random, Progress progress)
      throws IOException, InterruptedException {
    try {
      EmbeddedPostgres postgres = prepare(folder, lock, random, progress);
      Thread.ofVirtual().name("postgres-supervisor").start(postgres::supervise);
      return postgres;
    } catch (Throwable e) {
      lock.close();
      throw e;
    }
  }

  private static EmbeddedPostgres prepare(
      Folder folder, FolderLock lock, RandomGenerator random, Progress progress)
      throws IOException, InterruptedException {
    folder.refuseOtherVersions();
    Identity identity = Identity.of(folder);
    Binaries binaries = Binaries.in(folder, progress);
    var programs = new Programs(binaries, identity);
    var launcher = new Launcher(folder, programs, identity, progress);
    if (!folder.initialized()) {
      progress.report("Creating the database (once)");
      new Cluster(folder, programs, identity).create(Secret.create(folder, random));
    }
    String password = Secret.read(folder.password());
    Optional<Server> orphan = new Orphan(folder, binaries, programs).adopt(password);
    Server server = orphan.isPresent() ? orphan.get() : launcher.launch();
    return new EmbeddedPostgres(lock, programs, launcher, password, server);
  }

  /// How to reach the server of this data folder while another process runs it; empty when none
  /// runs.
  public static Optional<DatabaseConfig> running(Path dataFolder) {
    var folder = Folder.in(dataFolder);
    try {
      Optional<PidFile> file = PidFile.read(folder.cluster());
      if (file.isEmpty() || !file.get().ready() || file.get().server(folder.cluster()).isEmpty()) {
        return Optional.empty();
      }
      return Optional.of(login(file.get().port(), Secret.read(folder.password()), USER));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// How Parley connects.
  public DatabaseConfig config() {
    return login(server.port(), password, USER);
  }

  /// How an administrator connects.
  public DatabaseConfig superuser() {
    return login(server.port(), password, SUPERUSER);
  }

  private static DatabaseConfig login(int port, String password, String user) {
    return DatabaseConfig.of(HOST, port, DATABASE, user, password);
  }

  /// The server's first process.
  public long pid() {
    return server.process().pid();
  }

  /// Ends the server in the hardest way, as a test of what comes after.
  public void kill() {
    server.process().destroyForcibly();
  }

  /// Stops the server when this process ends, if nobody did before.
  public EmbeddedPostgres stopAtExit() {
    Runtime.getRuntime().addShutdownHook(new Thread(this::close, "postgres-stop"));
    return this;
  }

  /// Stops the server cleanly; every connection is cut. Takes at most 40 seconds, usually a tenth
  /// of one.
  @Override
  public synchronized void close() {
    if (stopping.getCount() == 0) {
      return;
    }
    stopping.countDown();
    try {
      server.stop(programs);
      lock.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Watches until the end: starts the server again when it dies, keeps its log short while it
  /// lives.
  private void supervise() {
    try {
      for (int restarts = 0; restarts <= MAX_RESTARTS_IN_A_ROW; restarts++) {
        awaitEnd();
        stopping.await(
            Math.min(restarts * BACK_OFF_MILLIS, MAX_BACK_OFF_MILLIS), TimeUnit.MILLISECONDS);
        if (!restart()) {
          return;
        }
        restarts = server.endsWithin(CALM_SECONDS) ? restarts : -1;
      }
      LOG.error("PostgreSQL keeps ending and is not started again; see its log in the data folder");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException | RuntimeException e) {
      LOG.error("PostgreSQL ended and could not be started again", e);
    }
  }

  private void awaitEnd() throws InterruptedException, IOException {
    while (!server.endsWithin(CALM_SECONDS)) {
      launcher.capLog();
    }
  }

  /// Starts the server again, unless it ended because it was asked to.
  private synchronized boolean restart() throws IOException, InterruptedException {
    if (stopping.getCount() == 0) {
      return false;
    }
    LOG.warn("PostgreSQL ended unexpectedly; starting it again");
    server = launcher.launch();
    return true;
  }
}
