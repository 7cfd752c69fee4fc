package dev.parley.server.base;

import java.util.UUID;

/// Names an uploaded file.
public record FileId(UUID value) {
  /// The id of this text, which must be a UUID.
  public static FileId of(String text) {
    return new FileId(Ids.uuid("file id", text));
  }

  @Override
  public String toString() {
    return value.toString();
  }
}
