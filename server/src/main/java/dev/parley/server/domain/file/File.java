package dev.parley.server.domain.file;

import dev.parley.server.base.FileId;
import dev.parley.server.base.OrgId;
import dev.parley.server.base.UserId;
import java.time.Instant;
import java.util.Set;

/// What is known of an uploaded file, apart from its bytes. It never changes.
///
/// @param name what the uploader called it; for show only
/// @param type the media type, as the bytes themselves tell it
/// @param size in bytes
/// @param sha256 of the bytes, in lower-case hexadecimal
public record File(
    FileId id,
    OrgId org,
    UserId uploader,
    String name,
    String type,
    long size,
    String sha256,
    Instant createdAt) {
  /// Types that a browser shows without running anything.
  private static final Set<String> HARMLESS =
      Set.of("image/png", "image/jpeg", "image/gif", "image/webp");

  /// Whether a browser may show it in place; everything else is to be saved.
  public boolean inline() {
    return HARMLESS.contains(type);
  }
}
