package dev.parley.server.adapter.postgres.embedded;

import dev.parley.server.base.StartupException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/// Makes a new, empty cluster. It appears whole or not at all.
final class Cluster {
  static final String UNFINISHED = ".unfinished";

  private final Folder folder;
  private final Programs programs;
  private final Identity identity;

  Cluster(Folder folder, Programs programs, Identity identity) {
    this.folder = folder;
    this.programs = programs;
    this.identity = identity;
  }

  /// Makes the cluster with a superuser `postgres` and the user `parley`, who owns no more than the
  /// right to make databases and roles; both have this password.
  void create(String password) throws IOException, InterruptedException {
    Path unfinished = folder.home().resolve(folder.cluster().getFileName() + UNFINISHED);
    Binaries.delete(unfinished);
    Files.createDirectory(unfinished);
    Permissions.set(unfinished, 0700);
    identity.own(unfinished);
    initialize(unfinished, password);
    addUser(unfinished, password);
    Files.move(unfinished, folder.cluster(), StandardCopyOption.ATOMIC_MOVE);
  }

  // The file is PostgreSQL's own for a moment: it must read it, and a pipe would belong to Parley's
  // user.
  private void initialize(Path cluster, String password) throws IOException, InterruptedException {
    Path file = folder.home().resolve("password" + UNFINISHED);
    Files.deleteIfExists(file);
    Files.createFile(file, Secret.PRIVATE);
    try {
      Files.writeString(file, password);
      identity.own(file);
      initialize(cluster, file);
    } finally {
      Files.delete(file);
    }
  }

  /// The builtin provider sorts by code point, the same on every machine and after every upgrade of
  /// the system, so that no index silently goes wrong. The libc locale matters only for trigrams.
  private void initialize(Path cluster, Path password) throws IOException, InterruptedException {
    try {
      initialize(cluster, password, "C.UTF-8");
    } catch (StartupException e) {
      if (!String.valueOf(e.getMessage()).contains("invalid locale name")) {
        throw e;
      }
      initialize(cluster, password, "C");
    }
  }

  private void initialize(Path cluster, Path password, String locale)
      throws IOException, InterruptedException {
    programs.run(
        "initdb",
        List.of(
            "--pgdata=" + cluster,
            "--username=" + EmbeddedPostgres.SUPERUSER,
            "--pwfile=" + password,
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--locale=" + locale,
            "--data-checksums"),
        "");
  }

  /// Stretching is for passwords that people choose. This one has 192 random bits, and every new
  /// connection would pay for it.
  private void addUser(Path cluster, String password) throws IOException, InterruptedException {
    String output =
        programs.run(
            "postgres",
            List.of("--single", "-D", cluster.toString(), "-c", "scram_iterations=1", "postgres"),
            "CREATE ROLE %s LOGIN CREATEDB CREATEROLE PASSWORD '%s'\n"
                .formatted(EmbeddedPostgres.USER, password));
    if (output.contains("ERROR")) {
      throw new StartupException("The first user could not be made: " + output.strip());
    }
  }
}
