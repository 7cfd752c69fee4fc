package dev.parley.server.adapter.postgres.embedded;

import dev.parley.server.base.StartupException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.Locale;
import java.util.stream.Stream;
import org.tukaani.xz.XZInputStream;

/// The programs of PostgreSQL, unpacked once from the archive on the class path.
///
/// @param root the folder that holds `bin`, `lib` and `share`
record Binaries(Path root) {
  /// The version of the archive that the build names; a test holds the two together.
  static final String VERSION = "18.6";

  private static final String UNFINISHED = ".unfinished";

  /// The programs in this folder, which are unpacked first if they are not there. A crash in
  /// between leaves nothing that looks whole.
  static Binaries in(Folder folder, Progress progress) throws IOException {
    Path root = folder.home().resolve("bin-" + VERSION);
    if (Files.isDirectory(root)) {
      return new Binaries(root);
    }
    progress.report("Unpacking PostgreSQL " + VERSION + " (once)");
    Path unfinished = folder.home().resolve("bin-" + VERSION + UNFINISHED);
    delete(unfinished);
    Files.createDirectory(unfinished);
    Permissions.set(unfinished, 0755);
    try (var archive = new XZInputStream(new BufferedInputStream(archive(), 1 << 16))) {
      new TarReader(archive, unfinished).unpack();
    }
    Files.move(unfinished, root, StandardCopyOption.ATOMIC_MOVE);
    return new Binaries(root);
  }

  Path program(String name) {
    return root.resolve("bin").resolve(name);
  }

  private static InputStream archive() {
    InputStream archive = Binaries.class.getResourceAsStream("/" + resource());
    if (archive == null) {
      throw noBinaries(resource());
    }
    return archive;
  }

  /// The name of this machine's archive on the class path.
  static String resource() {
    String architecture = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
    return switch (architecture) {
      case "amd64", "x86_64" -> "postgres-linux-x86_64.txz";
      case "aarch64", "arm64" -> "postgres-linux-arm_64.txz";
      default -> throw noBinaries(architecture);
    };
  }

  private static StartupException noBinaries(String architecture) {
    return new StartupException(
        "Parley brings no PostgreSQL for "
            + architecture
            + ". Install PostgreSQL 15 or newer and set DATABASE_URL.");
  }

  /// Deletes a folder with all it holds, if it is there.
  static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> paths = Files.walk(folder)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
