package dev.parley.server.domain.file;

import dev.parley.server.base.FileId;
import dev.parley.server.base.Limits;
import dev.parley.server.base.Metric;
import dev.parley.server.base.Telemetry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/// Removes what nobody needs any more: files that were never attached or lost their last message,
/// bytes without a file, and uploads that broke off with the server. One thread at a time; several
/// nodes may sweep at once.
public final class FileSweep {
  /// How long an uploaded file waits for its message.
  private static final Duration UNATTACHED = Duration.ofDays(1);

  /// How long bytes wait for their file: longer than any upload takes.
  private static final Duration UNFINISHED = Duration.ofHours(1);

  private final FileStore store;
  private final BlobStore blobs;
  private final InstantSource clock;
  private final Telemetry.Counter swept;
  private int shard;
  private Optional<FileId> last = Optional.empty();

  public FileSweep(FileStore store, BlobStore blobs, InstantSource clock, Telemetry telemetry) {
    this.store = store;
    this.blobs = blobs;
    this.clock = clock;
    this.swept = telemetry.counter(Metric.FILES_SWEPT);
  }

  /// Does one bounded piece of the work.
  ///
  /// @return how much was removed
  public int run() {
    int count = files() + blobs.sweepDrafts(clock.instant().minus(UNFINISHED)) + strangers();
    swept.add(count);
    return count;
  }

  private int files() {
    var gone = store.sweep(clock.instant().minus(UNATTACHED), Limits.SWEEP);
    gone.forEach(blobs::delete);
    return gone.size();
  }

  /// Bytes without a file, in the next part of the store.
  private int strangers() {
    var kept = blobs.kept(shard, clock.instant().minus(UNFINISHED), last, Limits.SWEEP);
    last = kept.size() == Limits.SWEEP ? Optional.of(kept.getLast()) : Optional.empty();
    if (last.isEmpty()) {
      shard = (shard + 1) % BlobStore.SHARDS;
    }
    var strange = kept.isEmpty() ? kept : store.unknown(kept);
    strange.forEach(blobs::delete);
    return strange.size();
  }
}
