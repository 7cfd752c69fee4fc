package dev.parley.server.adapter.files;

import dev.parley.server.domain.file.TypeDetector;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.tika.metadata.Metadata;
import org.apache.tika.mime.MimeTypes;

/// Tells the kind of a file by the magic bytes that Apache Tika knows.
public final class TikaTypeDetector implements TypeDetector {
  @Override
  public String typeOf(byte[] head) {
    try (var bytes = new ByteArrayInputStream(head)) {
      return MimeTypes.getDefaultMimeTypes().detect(bytes, new Metadata()).getBaseType().toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
