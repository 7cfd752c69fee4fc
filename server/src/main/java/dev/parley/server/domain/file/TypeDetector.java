package dev.parley.server.domain.file;

/// Tells what kind of file some bytes are. What clients say about it is never asked.
public interface TypeDetector {
  /// How many of the first bytes it wants to see.
  int HEAD_BYTES = 64 * 1024;

  /// The media type; `application/octet-stream` if nothing better is known.
  ///
  /// @param head the first bytes of the file, at most [#HEAD_BYTES]
  String typeOf(byte[] head);
}
