package dev.parley.server.adapter.files;

import dev.parley.server.base.FileId;
import dev.parley.server.base.Refusal;
import dev.parley.server.base.RefusedException;
import dev.parley.server.domain.file.BlobStore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps blobs as files named by their ids, in 256 folders by the last byte of the id. What is
/// being written lies in the folder `drafts` and is moved when it is whole and durable, so that a
/// crash leaves a draft but never half a blob.
///
/// The last of the disk is left to the database: uploads that would use it are refused.
public final class DiskBlobStore implements BlobStore {
  /// Bytes of the disk that are left free.
  public static final long RESERVE = 256L << 20;

  private static final Logger LOG = LoggerFactory.getLogger(DiskBlobStore.class);
  private static final long SPACE_CHECK = 8L << 20;

  private final Path root;
  private final Path drafts;
  private final long reserve;

  /// @param root the folder, made when it is needed
  /// @param reserve bytes of the disk that are left free
  public DiskBlobStore(Path root, long reserve) {
    this.root = root;
    this.drafts = root.resolve("drafts");
    this.reserve = reserve;
  }

  @Override
  public Draft begin(FileId id) {
    try {
      Files.createDirectories(drafts);
      requireSpace();
      var path = drafts.resolve(id.toString());
      return new DiskDraft(
          id,
          path,
          FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
    } catch (IOException e) {
      throw failed(e);
    }
  }

  @Override
  public Optional<InputStream> open(FileId id, long offset) {
    try {
      var channel = FileChannel.open(path(id), StandardOpenOption.READ);
      channel.position(offset);
      return Optional.of(Channels.newInputStream(channel));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw failed(e);
    }
  }

  @Override
  public void delete(FileId id) {
    try {
      Files.deleteIfExists(path(id));
    } catch (IOException e) {
      // The sweep tries again.
      LOG.warn("the bytes of file {} cannot be removed: {}", id, e.toString());
    }
  }

  @Override
  public int sweepDrafts(Instant before) {
    int count = 0;
    try (var entries = Files.newDirectoryStream(drafts)) {
      for (var entry : entries) {
        if (modified(entry).isBefore(before) && Files.deleteIfExists(entry)) {
          count++;
        }
      }
      return count;
    } catch (NotDirectoryException | NoSuchFileException e) {
      return count;
    } catch (IOException e) {
      throw failed(e);
    }
  }

  @Override
  public List<FileId> kept(int shard, Instant before, Optional<FileId> after, int limit) {
    // A folder is in no order, so that the page is known only at its end.
    var first = new TreeMap<String, FileId>();
    try (var entries = Files.newDirectoryStream(folder(shard))) {
      for (var entry : entries) {
        var id = id(entry).filter(one -> isBehind(one, after));
        if (id.isPresent() && modified(entry).isBefore(before)) {
          first.put(id.get().toString(), id.get());
        }
        if (first.size() > limit) {
          first.pollLastEntry();
        }
      }
      return List.copyOf(first.values());
    } catch (NotDirectoryException | NoSuchFileException e) {
      return List.of();
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private static boolean isBehind(FileId id, Optional<FileId> other) {
    return other.map(one -> id.toString().compareTo(one.toString()) > 0).orElse(true);
  }

  private static Instant modified(Path path) {
    try {
      return Files.getLastModifiedTime(path).toInstant();
    } catch (IOException e) {
      // Gone since it was listed.
      return Instant.MAX;
    }
  }

  /// Whatever else lies in the folder is left alone.
  private static Optional<FileId> id(Path path) {
    try {
      return Optional.of(new FileId(UUID.fromString(String.valueOf(path.getFileName()))));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private Path path(FileId id) {
    return folder((int) (id.value().getLeastSignificantBits() & 0xFF)).resolve(id.toString());
  }

  private Path folder(int shard) {
    return root.resolve(HexFormat.of().toHexDigits((byte) shard));
  }

  private void requireSpace() throws IOException {
    if (Files.getFileStore(root).getUsableSpace() < reserve) {
      throw full();
    }
  }

  private RuntimeException failed(IOException failure) {
    LOG.warn("the file store fails: {}", failure.toString());
    if (noSpaceLeft()) {
      return full();
    }
    return new RefusedException(new Refusal.Unavailable("the file store is away", false));
  }

  /// Java has no exception of its own for it.
  private boolean noSpaceLeft() {
    try {
      return Files.getFileStore(root).getUsableSpace() < Math.max(reserve, SPACE_CHECK);
    } catch (IOException e) {
      return false;
    }
  }

  private static RefusedException full() {
    return new RefusedException(new Refusal.Unavailable("there is no space left for files", true));
  }

  /// One file in the folder of drafts. Used by one thread.
  private final class DiskDraft implements Draft {
    private final FileId id;
    private final Path path;
    private final FileChannel channel;
    private long unchecked;

    private DiskDraft(FileId id, Path path, FileChannel channel) {
      this.id = id;
      this.path = path;
      this.channel = channel;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
      try {
        unchecked += length;
        if (unchecked >= SPACE_CHECK) {
          unchecked = 0;
          requireSpace();
        }
        var buffer = ByteBuffer.wrap(bytes, offset, length);
        while (buffer.hasRemaining()) {
          channel.write(buffer);
        }
      } catch (IOException e) {
        throw failed(e);
      }
    }

    /// The folder is made durable too, or a power cut could take the name away again.
    @Override
    public void keep() {
      try {
        channel.force(true);
        channel.close();
        var target = path(id);
        var folder = folder((int) (id.value().getLeastSignificantBits() & 0xFF));
        Files.createDirectories(folder);
        Files.move(path, target, StandardCopyOption.ATOMIC_MOVE);
        try (var opened = FileChannel.open(folder, StandardOpenOption.READ)) {
          opened.force(true);
        }
      } catch (IOException e) {
        throw failed(e);
      }
    }

    @Override
    public void close() {
      try {
        channel.close();
        Files.deleteIfExists(path);
      } catch (IOException e) {
        // The sweep tries again.
        LOG.warn("the draft of file {} cannot be removed: {}", id, e.toString());
      }
    }
  }
}
