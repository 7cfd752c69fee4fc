package dev.parley.server.domain.file;

import dev.parley.server.base.FileId;
import java.io.InputStream;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Keeps the bytes of files under their ids. A blob is there whole or not at all: bytes that were
/// not kept are never seen, also after a crash. All methods block.
///
/// Every method refuses with `unavailable` when the store fails, and with `storage_full` when it
/// has no space; then nothing was done.
public interface BlobStore {
  /// Begins a blob.
  Draft begin(FileId id);

  /// The bytes from an offset on; empty if there is no such blob. The caller closes it.
  Optional<InputStream> open(FileId id, long offset);

  /// Removes a blob, if it is there.
  void delete(FileId id);

  /// Removes what was begun before a moment and never kept.
  ///
  /// @return how many
  int sweepDrafts(Instant before);

  /// Blobs that were kept before a moment, in one of the [#SHARDS] parts of the store: those that
  /// come first in the order of their texts behind another one.
  List<FileId> kept(int shard, Instant before, Optional<FileId> after, int limit);

  /// The parts that one looks through one by one.
  int SHARDS = 256;

  /// A blob that is being written. Closed without [#keep] it leaves nothing behind.
  interface Draft extends AutoCloseable {
    /// Adds bytes.
    void write(byte[] bytes, int offset, int length);

    /// Makes the bytes durable, and then visible under the id.
    void keep();

    @Override
    void close();
  }
}
