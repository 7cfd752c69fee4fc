package dev.parley.server.domain.file;

import dev.parley.server.base.FileId;
import dev.parley.server.base.Ids;
import dev.parley.server.base.Metric;
import dev.parley.server.base.OutageException;
import dev.parley.server.base.OutageException.Kind;
import dev.parley.server.base.Refusal;
import dev.parley.server.base.RefusedException;
import dev.parley.server.base.Telemetry;
import dev.parley.server.domain.access.AccessControl;
import dev.parley.server.domain.access.OrgAccess;
import dev.parley.server.domain.access.Principal;
import dev.parley.server.domain.access.Role;
import dev.parley.server.domain.access.RoomAccess;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Supplier;

/// What one can do with files.
public final class Files {
  private static final int CHUNK = 64 * 1024;

  private final FileStore store;
  private final BlobStore blobs;
  private final TypeDetector types;
  private final AccessControl accessControl;
  private final FileLimits limits;
  private final Ids ids;
  private final InstantSource clock;
  private final Uploads uploads = new Uploads();
  private final Telemetry.Sizes sizes;

  public Files(
      Shelf shelf,
      AccessControl accessControl,
      FileLimits limits,
      Ids ids,
      InstantSource clock,
      Telemetry telemetry) {
    this.store = shelf.store();
    this.blobs = shelf.blobs();
    this.types = shelf.types();
    this.accessControl = accessControl;
    this.limits = limits;
    this.ids = ids;
    this.clock = clock;
    this.sizes = telemetry.sizes(Metric.FILE_BYTES);
    telemetry.gauge(Metric.UPLOADS, uploads::running);
  }

  /// Where files are kept, and what tells their kind.
  public record Shelf(FileStore store, BlobStore blobs, TypeDetector types) {}

  /// What may be uploaded.
  ///
  /// @param fileBytes of one file; beyond: `too_large`
  /// @param orgBytes of all files of an organization; beyond: `quota`
  public record FileLimits(long fileBytes, long orgBytes) {}

  /// A file on its way in.
  ///
  /// @param name what the client calls it
  /// @param length how long it will be, if the client says so
  public record Incoming(String name, OptionalLong length, InputStream bytes) {}

  /// A file and its bytes from an offset on; whoever asked for it closes the stream.
  public record Content(File file, InputStream bytes) {}

  /// Reads a file to its end and keeps it. Only its uploader sees it until it hangs on a message.
  /// However this ends, there is a file or there is nothing.
  ///
  /// @param incoming begins to read only once the upload counts as one
  public File upload(OrgAccess access, Supplier<Incoming> incoming) {
    try (var _ = uploads.enter(access.userId())) {
      var upload = incoming.get();
      requireSpace(access, upload.length().orElse(1));
      var id = new FileId(ids.uuid());
      var received = receive(id, upload.bytes());
      var file =
          new File(
              id,
              access.orgId(),
              access.userId(),
              FileName.clean(upload.name()),
              received.type(),
              received.size(),
              received.sha256(),
              clock.instant());
      keep(file);
      sizes.record(file.size());
      return file;
    }
  }

  /// A file that the principal may see.
  ///
  /// @throws RefusedException not_found, also for files of others
  public File get(Principal principal, FileId id) {
    return store.find(id, principal.userId()).orElseThrow(() -> Refusal.notFound("no such file"));
  }

  /// The bytes of a file from an offset on, which must not be beyond its end.
  public Content open(File file, long offset) {
    var bytes =
        blobs
            .open(file.id(), offset)
            .orElseThrow(
                () ->
                    new RefusedException(
                        new Refusal.Unavailable("the file's bytes are not at hand", false)));
    return new Content(file, bytes);
  }

  /// Removes a file everywhere: its uploader, and admins of the organization who see it.
  public void delete(Principal principal, FileId id) {
    var file = get(principal, id);
    boolean own = file.uploader().equals(principal.userId());
    if (!own && !accessControl.org(principal, file.org()).role().atLeast(Role.ADMIN)) {
      throw Refusal.forbidden("only its uploader or an admin deletes a file");
    }
    if (store.delete(file.org(), id)) {
      blobs.delete(id);
    }
  }

  /// Goes on only if these are files of the organization that the sender may see.
  ///
  /// @throws RefusedException not_found if any is not, bad_request for ids that are none
  public void requireAttachable(RoomAccess access, List<String> attachments) {
    if (attachments.isEmpty()) {
      return;
    }
    var wanted = attachments.stream().map(FileId::of).distinct().toList();
    if (wanted.size() < attachments.size()) {
      throw Refusal.badRequest("attachments names a file twice");
    }
    var seen = store.claim(access.orgId(), access.userId(), wanted, clock.instant());
    if (!new HashSet<>(seen).containsAll(wanted)) {
      throw Refusal.notFound("no such file");
    }
  }

  private void requireSpace(OrgAccess access, long bytes) {
    if (bytes > limits.fileBytes()) {
      throw tooLarge();
    }
    if (store.used(access.orgId()) + bytes > limits.orgBytes()) {
      throw new RefusedException(
          new Refusal.Quota("the files of the organization have no more space"));
    }
  }

  private record Received(String type, long size, String sha256) {}

  private Received receive(FileId id, InputStream bytes) {
    try (var draft = blobs.begin(id)) {
      var digest = sha256();
      var head = new byte[TypeDetector.HEAD_BYTES];
      var chunk = new byte[CHUNK];
      long size = 0;
      for (int read = bytes.read(chunk); read >= 0; read = bytes.read(chunk)) {
        if (size < head.length) {
          System.arraycopy(chunk, 0, head, (int) size, (int) Math.min(read, head.length - size));
        }
        size += read;
        if (size > limits.fileBytes()) {
          throw tooLarge();
        }
        draft.write(chunk, 0, read);
        digest.update(chunk, 0, read);
      }
      if (size == 0) {
        throw Refusal.badRequest("the file is empty");
      }
      draft.keep();
      var type = types.typeOf(Arrays.copyOf(head, (int) Math.min(size, head.length)));
      return new Received(type, size, HexFormat.of().formatHex(digest.digest()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Bytes whose facts were not kept go again; if nobody knows whether they were, the sweep finds
  /// out.
  private void keep(File file) {
    try {
      store.add(file, limits.orgBytes());
    } catch (OutageException e) {
      if (e.kind() != Kind.UNKNOWN) {
        blobs.delete(file.id());
      }
      throw e;
    } catch (RuntimeException e) {
      blobs.delete(file.id());
      throw e;
    }
  }

  private RefusedException tooLarge() {
    return Refusal.tooLarge("a file has at most " + limits.fileBytes() + " bytes");
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java has SHA-256", e);
    }
  }
}
