package dev.parley.server.adapter.postgres.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.util.List;

/// A folder as the first start leaves it, made once and copied to each test: unpacking and initdb
/// take seconds.
final class PreparedFolder {
  private static final Path PROTOTYPE = Path.of("target", "test-folder");
  private static final LinkOption AS_LINK = LinkOption.NOFOLLOW_LINKS;

  private PreparedFolder() {}

  /// Copies all but the programs, which are linked.
  static void copyTo(Path data) {
    try {
      Folder from = prototype();
      Folder to = Folder.in(data);
      Permissions.set(data, 0755);
      to.create();
      copy(from.cluster(), to.cluster());
      copy(from.password(), to.password());
      linkPrograms(data);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Links the programs only.
  static void linkPrograms(Path data) {
    try {
      Permissions.set(data, 0755);
      Folder.in(data).create();
      Path programs = prototype().home().resolve("bin-" + Binaries.VERSION);
      Files.createSymbolicLink(Folder.in(data).home().resolve(programs.getFileName()), programs);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static synchronized Folder prototype() {
    Folder folder = Folder.in(PROTOTYPE);
    if (!folder.initialized()) {
      EmbeddedPostgres.start(PROTOTYPE, new SecureRandom(), step -> {}).close();
    }
    return folder;
  }

  private static void copy(Path from, Path to) throws IOException {
    List<Path> paths;
    try (var walk = Files.walk(from)) {
      paths = walk.toList();
    }
    for (Path path : paths) {
      Path copy = to.resolve(from.relativize(path).toString());
      Files.copy(path, copy, StandardCopyOption.COPY_ATTRIBUTES, AS_LINK);
      Permissions.give(copy, Permissions.owner(path), Permissions.group(path));
    }
  }
}
