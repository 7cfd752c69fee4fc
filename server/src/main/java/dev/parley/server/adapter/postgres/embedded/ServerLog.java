package dev.parley.server.adapter.postgres.embedded;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/// The log file that the server appends to. One older part is kept; the two together stay near
/// twice [#MAX_BYTES].
final class ServerLog {
  static final long MAX_BYTES = 8L << 20;

  private static final int TAIL_BYTES = 4096;

  private final Path file;

  ServerLog(Path file) {
    this.file = file;
  }

  Path file() {
    return file;
  }

  /// Makes the file if it is missing and owned by this user; returns its present end.
  long prepare(Identity identity) throws IOException {
    if (!Files.exists(file)) {
      Files.createFile(file);
      Permissions.set(file, 0600);
      identity.own(file);
    }
    cap();
    return Files.size(file);
  }

  /// Puts the file's content aside when it is too long. The server keeps its file open for
  /// appending, so the file is emptied rather than renamed; the lines written in between are lost.
  void cap() throws IOException {
    if (Files.size(file) <= MAX_BYTES) {
      return;
    }
    Path older = file.resolveSibling(file.getFileName() + ".1");
    Files.copy(
        file, older, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES);
    try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(0);
    }
  }

  /// The last lines since this position.
  String tail(long since) {
    try (var channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long from = Math.max(since, channel.size() - TAIL_BYTES);
      var bytes = ByteBuffer.allocate(TAIL_BYTES);
      channel.read(bytes, Math.max(0, from));
      return StandardCharsets.UTF_8.decode(bytes.flip()).toString();
    } catch (IOException e) {
      return "(no log: " + e.getMessage() + ")";
    }
  }
}
