package dev.parley.server.adapter.postgres.embedded;

import dev.parley.server.adapter.postgres.DatabaseConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A PostgreSQL of any version with any settings, as an operator would set one up outside Parley.
final class ForeignPostgres implements AutoCloseable {
  private final Programs programs;
  private final Path cluster;
  private final Process process;

  private ForeignPostgres(Programs programs, Path cluster, Process process) {
    this.programs = programs;
    this.cluster = cluster;
    this.process = process;
  }

  /// Makes a cluster in this folder and starts it with these settings (`name=value`).
  static ForeignPostgres start(Binaries binaries, Path data, String... settings) throws Exception {
    Permissions.set(data, 0755);
    var folder = Folder.in(data);
    folder.create();
    Identity identity = Identity.of(folder);
    var programs = new Programs(binaries, identity);
    Path cluster = Files.createDirectory(folder.home().resolve("foreign"));
    identity.own(cluster);
    programs.run(
        "initdb",
        List.of(
            "-D",
            cluster.toString(),
            "-U",
            "admin",
            "--auth=trust",
            "--encoding=UTF8",
            "--no-sync",
            "--locale=C"),
        "");
    var log = new ServerLog(folder.log());
    log.prepare(identity);
    var running =
        new ForeignPostgres(programs, cluster, programs.serve(arguments(cluster, settings), log));
    running.awaitReady(log);
    return running;
  }

  private static List<String> arguments(Path cluster, String... settings) throws IOException {
    var arguments =
        new ArrayList<>(
            List.of("-D", cluster.toString(), "-p", Integer.toString(Launcher.freePort(0))));
    arguments.addAll(List.of("-c", "unix_socket_directories=", "-c", "listen_addresses=127.0.0.1"));
    for (String setting : settings) {
      arguments.addAll(List.of("-c", setting));
    }
    return arguments;
  }

  private void awaitReady(ServerLog log) throws Exception {
    for (int tick = 0; tick < 6_000; tick++) {
      if (process.waitFor(10, TimeUnit.MILLISECONDS)) {
        throw new IllegalStateException(log.tail(0));
      }
      if (PidFile.read(cluster).filter(PidFile::ready).isPresent()) {
        return;
      }
    }
    throw new IllegalStateException("not ready: " + log.tail(0));
  }

  /// How an operator's administrator connects.
  DatabaseConfig config(String database) throws IOException {
    int port = PidFile.read(cluster).orElseThrow().port();
    return DatabaseConfig.of("127.0.0.1", port, database, "admin", "").withConnections(2, 1);
  }

  @Override
  public void close() throws InterruptedException {
    new Server(process.toHandle(), 0).stop(programs);
  }
}
