package dev.parley.server.adapter.postgres.embedded;

import dev.parley.server.adapter.postgres.DatabaseConfig;
import dev.parley.server.base.Finding;
import dev.parley.server.base.StartupException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A real PostgreSQL in the data folder, with everything that makes a commit durable. It is started
/// again when it dies, and it outlives a killed Parley until the next start takes it over.
///
/// Guarded by its monitor: that it is closed once. Only the supervisor changes the present server.
public final class EmbeddedPostgres implements AutoCloseable {
  /// Has every right; Parley itself does not use it.
  public static final String SUPERUSER = "postgres";

  /// Whom Parley connects as.
  public static final String USER = "parley";

  /// The database that Parley uses.
  public static final String DATABASE = "parley";

  static final String HOST = "127.0.0.1";

  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedPostgres.class);

  private final FolderLock lock;
  private final Programs programs;
  private final Launcher launcher;
  private final String password;
  private final Patience patience;
  private final CountDownLatch stopping = new CountDownLatch(1);
  private final CompletableFuture<Void> givenUp = new CompletableFuture<>();
  private final Thread supervisor = Thread.ofVirtual().unstarted(this::supervise);
  private volatile Server server;

  private EmbeddedPostgres(
      FolderLock lock,
      Programs programs,
      Launcher launcher,
      Patience patience,
      String password,
      Server server) {
    this.lock = lock;
    this.programs = programs;
    this.launcher = launcher;
    this.patience = patience;
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
    return start(dataFolder, random, progress, Patience.USUAL);
  }

  static EmbeddedPostgres start(
      Path dataFolder, RandomGenerator random, Progress progress, Patience patience) {
    var folder = Folder.in(dataFolder);
    try {
      folder.create();
      return start(folder, FolderLock.take(folder), random, progress, patience);
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
      Folder folder, FolderLock lock, RandomGenerator random, Progress progress, Patience patience)
      throws IOException, InterruptedException {
    try {
      EmbeddedPostgres postgres = prepare(folder, lock, random, progress, patience);
      postgres.supervisor.setName("postgres-supervisor");
      postgres.supervisor.start();
      return postgres;
    } catch (Throwable e) {
      lock.close();
      throw e;
    }
  }

  private static EmbeddedPostgres prepare(
      Folder folder, FolderLock lock, RandomGenerator random, Progress progress, Patience patience)
      throws IOException, InterruptedException {
    folder.refuseOtherVersions();
    Identity identity = Identity.of(folder).claimed(folder);
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
    return new EmbeddedPostgres(lock, programs, launcher, patience, password, server);
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

  /// Does this when the server keeps ending and is not started again.
  public void whenGivenUp(Runnable act) {
    var _ = givenUp.thenRun(act);
  }

  /// What keeps the server of this data folder from starting, without touching anything; empty if
  /// nothing is known.
  public static List<Finding> findings(Path dataFolder) {
    var folder = Folder.in(dataFolder);
    try {
      Binaries.resource();
      if (Files.isDirectory(folder.home())) {
        folder.refuseOtherVersions();
      }
      if (folder.initialized()) {
        Secret.read(folder.password());
      }
      Identity.of(folder).requireClaim(folder);
      return List.of();
    } catch (StartupException e) {
      return List.of(Finding.refusal(String.valueOf(e.getMessage()), ""));
    } catch (AccessDeniedException e) {
      return List.of(
          Finding.refusal(
              "this user may not use " + e.getFile(),
              "run Parley as its owner, or set PARLEY_DATA"));
    } catch (IOException | UncheckedIOException e) {
      return List.of(
          Finding.refusal("PostgreSQL cannot use " + folder.home() + ": " + e, "set PARLEY_DATA"));
    }
  }

  /// Stops the server cleanly, also one that is being started again; every connection is cut. Takes
  /// at most 40 seconds, usually a tenth of one. An interrupt does not keep it from that.
  @Override
  public synchronized void close() {
    if (stopping.getCount() == 0) {
      return;
    }
    stopping.countDown();
    boolean interrupted = Thread.interrupted();
    try {
      supervisor.interrupt();
      supervisor.join();
      server.stop(programs);
      lock.close();
    } catch (InterruptedException e) {
      interrupted = true;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /// Watches until the end: starts the server again when it dies, keeps its log short while it
  /// lives.
  private void supervise() {
    try {
      for (int restart = 0; restart <= patience.restarts(); restart++) {
        awaitEnd();
        if (stopping.await(patience.pauseMillis(restart), TimeUnit.MILLISECONDS)) {
          return;
        }
        boolean calm = restart() && !server.endsWithin(patience.calmSeconds());
        restart = calm ? -1 : restart;
      }
      LOG.error("PostgreSQL keeps ending and is not started again; see its log in the data folder");
      givenUp.complete(null);
    } catch (InterruptedException e) {
      // It is being closed.
    }
  }

  private void awaitEnd() throws InterruptedException {
    while (!server.endsWithin(patience.calmSeconds())) {
      launcher.capLog();
    }
  }

  /// Starts the server again; false if that failed, which it may do without being the end: a full
  /// disk is cleared, a program comes back.
  private boolean restart() throws InterruptedException {
    LOG.warn("PostgreSQL ended unexpectedly; starting it again");
    try {
      server = launcher.launch();
      return true;
    } catch (IOException | RuntimeException e) {
      LOG.warn("PostgreSQL could not be started again: {}", e.toString());
      return false;
    }
  }
}
