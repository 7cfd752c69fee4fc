package dev.parley.server.adapter.postgres.embedded;

import dev.parley.server.base.StartupException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The user that PostgreSQL runs as. It refuses to run as root, so when Parley is root it becomes
/// somebody else: the owner of the folder, or nobody. If nobody cannot reach the folder (a closed
/// /root), it runs in a user namespace of its own, where root is not called root.
///
/// @param uid owns the files of the database
/// @param gid their group
/// @param prefix the command that changes the user and runs the rest of the line; empty to run
///   directly
record Identity(int uid, int gid, List<String> prefix) {
  static final int NOBODY = 65534;

  private static final Logger LOG = LoggerFactory.getLogger(Identity.class);
  private static final int ROOT = 0;

  /// Who may run PostgreSQL on this folder, which need not exist yet.
  ///
  /// @throws StartupException when nobody may, with what to do
  static Identity of(Folder folder) throws IOException {
    int self = Permissions.ownUid();
    return self == ROOT
        ? insteadOfRoot(folder)
        : new Identity(self, Permissions.group(existing(folder.home())), List.of());
  }

  /// The same, now that existing data is this user's.
  ///
  /// @throws StartupException when the data is somebody else's, with what to do
  Identity claimed(Folder folder) throws IOException {
    requireClaim(folder);
    if (Files.exists(folder.cluster()) && Permissions.owner(folder.cluster()) != uid) {
      try (Stream<Path> files = Files.walk(folder.cluster())) {
        for (Path file : files.toList()) {
          own(file);
        }
      }
    }
    return this;
  }

  /// Existing data must be this user's, or this process must be able to give it over.
  ///
  /// @throws StartupException when the data is somebody else's, with what to do
  void requireClaim(Folder folder) throws IOException {
    Path cluster = folder.cluster();
    int self = Permissions.ownUid();
    if (!Files.exists(cluster) || self == ROOT || Permissions.owner(cluster) == uid) {
      return;
    }
    throw new StartupException(
        "%s belongs to user %d, but Parley runs as user %d. Run it as that user, or give the folder over: chown -R %d %s"
            .formatted(cluster, Permissions.owner(cluster), self, self, cluster));
  }

  /// The folder itself, or the first that exists above it.
  private static Path existing(Path folder) {
    Path path = folder;
    while (!Files.exists(path) && path.getParent() != null) {
      path = path.getParent();
    }
    return path;
  }

  /// The whole command line of a program.
  List<String> command(List<String> program) {
    var command = new ArrayList<>(prefix);
    command.addAll(program);
    return command;
  }

  /// Makes one file or folder this user's.
  void own(Path path) throws IOException {
    if (Permissions.owner(path) != uid) {
      Permissions.give(path, uid, gid);
    }
  }

  private static Identity insteadOfRoot(Folder folder) throws IOException {
    Identity other = ownerOf(folder);
    Optional<Path> closed = closedFolder(existing(folder.home()), other.uid);
    if (closed.isEmpty()) {
      return other;
    }
    var renamed = new Identity(ROOT, ROOT, List.of(Tool.require("unshare"), "--user"));
    if (renamed.works()) {
      LOG.info(
          "PostgreSQL runs in its own user namespace, because {} is closed to others",
          closed.get());
      return renamed;
    }
    throw new StartupException(
        ("PostgreSQL does not run as root, so Parley runs it as user %d, who may not enter %s. Set PARLEY_DATA to a "
                + "folder that others may enter (for example /var/lib/parley), or run Parley as an ordinary user.")
            .formatted(other.uid, closed.get()));
  }

  private static Identity ownerOf(Folder folder) throws IOException {
    Path place = Files.exists(folder.cluster()) ? folder.cluster() : folder.home();
    boolean owned = Files.exists(place) && Permissions.owner(place) != ROOT;
    int uid = owned ? Permissions.owner(place) : NOBODY;
    int gid = owned ? Permissions.group(place) : NOBODY;
    return new Identity(
        uid,
        gid,
        List.of(Tool.require("setpriv"), "--reuid=" + uid, "--regid=" + gid, "--clear-groups"));
  }

  /// The first folder on the way down that this user may not enter.
  static Optional<Path> closedFolder(Path path, int uid) throws IOException {
    for (int names = 0; names <= path.getNameCount(); names++) {
      Path folder = names == 0 ? path.getRoot() : path.getRoot().resolve(path.subpath(0, names));
      int mayEnter = Permissions.owner(folder) == uid ? 0100 : 0001;
      if ((Permissions.mode(folder) & mayEnter) == 0) {
        return Optional.of(folder);
      }
    }
    return Optional.empty();
  }

  private boolean works() throws IOException {
    Process probe = new ProcessBuilder(command(List.of("true"))).redirectErrorStream(true).start();
    try {
      return probe.waitFor(5, TimeUnit.SECONDS) && probe.exitValue() == 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      probe.destroy();
    }
  }
}
