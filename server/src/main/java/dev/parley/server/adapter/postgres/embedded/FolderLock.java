package dev.parley.server.adapter.postgres.embedded;

import dev.parley.server.base.StartupException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/// Says that this process owns the folder. The system takes the lock away when the process ends,
/// however it ends.
final class FolderLock implements AutoCloseable {
  private final FileChannel file;

  private FolderLock(FileChannel file) {
    this.file = file;
  }

  /// Takes the lock.
  ///
  /// @throws StartupException when another Parley has it, naming its process
  static FolderLock take(Folder folder) throws IOException {
    FileChannel file = open(folder.lock());
    if (tryLock(file) == null) {
      String owner = owner(file);
      file.close();
      throw new StartupException(
          "%s is in use by another Parley (process %s). Stop that one, or set PARLEY_DATA to another folder."
              .formatted(folder.home(), owner));
    }
    file.truncate(0);
    file.write(StandardCharsets.UTF_8.encode(Long.toString(ProcessHandle.current().pid())), 0);
    folder.hand(folder.lock());
    return new FolderLock(file);
  }

  private static FileChannel open(Path path) throws IOException {
    return FileChannel.open(
        path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
  }

  private static @Nullable FileLock tryLock(FileChannel file) throws IOException {
    try {
      return file.tryLock();
    } catch (OverlappingFileLockException e) {
      return null; // Taken by this very process.
    }
  }

  private static String owner(FileChannel file) throws IOException {
    var text = ByteBuffer.allocate(20);
    file.read(text, 0);
    return StandardCharsets.UTF_8.decode(text.flip()).toString();
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
