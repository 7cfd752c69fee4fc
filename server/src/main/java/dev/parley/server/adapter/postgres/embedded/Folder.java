package dev.parley.server.adapter.postgres.embedded;

import dev.parley.server.base.StartupException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/// The folder of the database and the places in it.
///
/// @param home `<data>/postgres`, absolute
record Folder(Path home) {
  /// The major version whose data this release reads.
  static final int MAJOR = 18;

  static Folder in(Path dataFolder) {
    return new Folder(dataFolder.toAbsolutePath().normalize().resolve("postgres"));
  }

  /// The cluster itself, what PostgreSQL calls its data directory.
  Path cluster() {
    return home.resolve(Integer.toString(MAJOR));
  }

  Path password() {
    return home.resolve("password");
  }

  Path port() {
    return home.resolve("port");
  }

  Path log() {
    return home.resolve("postgres.log");
  }

  Path lock() {
    return home.resolve("lock");
  }

  boolean initialized() {
    return Files.exists(cluster().resolve("PG_VERSION"));
  }

  /// Makes the folder; everybody may enter it, because PostgreSQL may have to run as somebody else.
  void create() throws IOException {
    if (Files.isDirectory(home)) {
      return;
    }
    Files.createDirectories(home);
    Permissions.set(home, 0755);
  }

  /// Gives a new file to the owner of the folder, who is somebody else when Parley is root for
  /// once.
  void hand(Path file) throws IOException {
    if (Permissions.owner(file) != Permissions.owner(home)) {
      Permissions.give(file, Permissions.owner(home), Permissions.group(home));
    }
  }

  /// Refuses data that another major version wrote: this one could not read it.
  ///
  /// @throws StartupException naming both versions and what to do
  void refuseOtherVersions() {
    try (Stream<Path> entries = Files.list(home)) {
      entries
          .filter(entry -> Files.exists(entry.resolve("PG_VERSION")))
          .forEach(Folder::refuseOtherVersion);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void refuseOtherVersion(Path cluster) {
    String found = version(cluster);
    if (cluster.getFileName().toString().endsWith(Cluster.UNFINISHED)
        || found.equals(Integer.toString(MAJOR))) {
      return;
    }
    throw new StartupException(
        "%s holds the data of PostgreSQL %s, but this Parley brings PostgreSQL %d, which cannot read it. "
                .formatted(cluster, found, MAJOR)
            + "Start the Parley that wrote it, or move the data over with pg_dump and pg_restore of PostgreSQL "
            + "%d, or set PARLEY_DATA to another folder to start empty (docs/database.md)."
                .formatted(MAJOR));
  }

  private static String version(Path cluster) {
    try {
      return Files.readString(cluster.resolve("PG_VERSION")).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
