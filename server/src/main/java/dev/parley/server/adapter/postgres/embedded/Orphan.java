package dev.parley.server.adapter.postgres.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.postgresql.ds.PGSimpleDataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The server that an earlier Parley left running when it was killed. It is taken over if it is the
/// one that would be started now, and ended otherwise; two servers never share a cluster.
final class Orphan {
  private static final Logger LOG = LoggerFactory.getLogger(Orphan.class);

  private static final int LOGIN_SECONDS = 2;

  private final Folder folder;
  private final Binaries binaries;
  private final Programs programs;

  Orphan(Folder folder, Binaries binaries, Programs programs) {
    this.folder = folder;
    this.binaries = binaries;
    this.programs = programs;
  }

  /// The orphan, if there is one that can be taken over.
  Optional<Server> adopt(String password) throws IOException, InterruptedException {
    Optional<PidFile> file = PidFile.read(folder.cluster());
    if (file.isEmpty()) {
      return Optional.empty();
    }
    Optional<ProcessHandle> process = file.get().server(folder.cluster());
    if (process.isEmpty()) {
      removeStale(file.get());
      return Optional.empty();
    }
    var server = new Server(process.get(), file.get().port());
    if (file.get().ready() && isCurrent(server) && accepts(server, password)) {
      LOG.info(
          "Took over PostgreSQL, process {}, from a Parley that was killed",
          server.process().pid());
      return Optional.of(server);
    }
    LOG.info("Ending PostgreSQL, process {}, which a killed Parley left", server.process().pid());
    server.stop(programs);
    return Optional.empty();
  }

  /// PostgreSQL itself sees that the process is dead, unless another one has its number by now.
  private void removeStale(PidFile file) throws IOException {
    if (ProcessHandle.of(file.pid()).isPresent()) {
      Files.deleteIfExists(PidFile.in(folder.cluster()));
    }
  }

  private boolean isCurrent(Server server) throws IOException {
    List<String> arguments = List.of(server.process().info().arguments().orElse(new String[0]));
    String command = server.process().info().command().orElse("");
    return command.equals(binaries.program("postgres").toRealPath().toString())
        && arguments.equals(Settings.arguments(folder, server.port()));
  }

  private static boolean accepts(Server server, String password) {
    var source = new PGSimpleDataSource();
    source.setPortNumbers(new int[] {server.port()});
    source.setServerNames(new String[] {EmbeddedPostgres.HOST});
    source.setDatabaseName("postgres");
    source.setUser(EmbeddedPostgres.USER);
    source.setPassword(password);
    source.setLoginTimeout(LOGIN_SECONDS);
    try (Connection connection = source.getConnection()) {
      return connection.isValid(LOGIN_SECONDS);
    } catch (SQLException e) {
      LOG.info("The PostgreSQL that was left refuses us: {}", e.getMessage());
      return false;
    }
  }
}
