package dev.parley.server.adapter.postgres.embedded;

import dev.parley.server.base.StartupException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HexFormat;
import java.util.Set;
import java.util.random.RandomGenerator;

/// The password of the database: random, made once, readable by nobody else.
final class Secret {
  static final FileAttribute<Set<PosixFilePermission>> PRIVATE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private static final int BYTES = 24;

  private Secret() {}

  /// The password of an existing cluster.
  ///
  /// @throws StartupException when its file is gone
  static String read(Path file) throws IOException {
    if (!Files.exists(file)) {
      throw new StartupException(
          file
              + " is missing: it holds the password of the database beside it. Put it back from your backup.");
    }
    return Files.readString(file).strip();
  }

  /// A new password, kept in the folder.
  static String create(Folder folder, RandomGenerator random) throws IOException {
    var bytes = new byte[BYTES];
    random.nextBytes(bytes);
    String password = HexFormat.of().formatHex(bytes);
    Path unfinished = folder.home().resolve("password.new");
    Files.deleteIfExists(unfinished);
    Files.createFile(unfinished, PRIVATE);
    Files.writeString(unfinished, password);
    folder.hand(unfinished);
    Files.move(unfinished, folder.password(), StandardCopyOption.ATOMIC_MOVE);
    return password;
  }
}
