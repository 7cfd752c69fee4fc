package dev.parley.server.adapter.postgres.embedded;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/// Unpacks a tar archive in the POSIX ustar format (IEEE Std 1003.1, pax) with the long names of
/// GNU tar: folders, files and symbolic links, which is all that the archive of PostgreSQL holds.
final class TarReader {
  private static final int BLOCK = 512;
  private static final long MAX_ENTRIES = 10_000;
  private static final long MAX_BYTES = 1L << 30;

  private final InputStream in;
  private final Path target;
  private long bytesLeft = MAX_BYTES;

  TarReader(InputStream in, Path target) {
    this.in = in;
    this.target = target;
  }

  /// Unpacks every entry.
  ///
  /// @throws IOException for an entry of an unknown kind, one that leaves the target, or too much
  ///   data
  void unpack() throws IOException {
    for (long entries = 0; entries < MAX_ENTRIES; entries++) {
      byte[] header = block();
      if (isEnd(header)) {
        return;
      }
      unpack(header, name(header));
    }
    throw new IOException("more than " + MAX_ENTRIES + " entries");
  }

  private void unpack(byte[] header, String name) throws IOException {
    byte kind = header[156];
    if (kind == 'L') {
      String longName = text(content(size(header)), 0, Integer.MAX_VALUE);
      unpack(block(), longName);
      return;
    }
    Path path = inside(name);
    switch (kind) {
      case '5' -> folder(path);
      case '2' -> Files.createSymbolicLink(path, Path.of(text(header, 157, 100)));
      case '0', 0 -> file(path, size(header), (int) octal(header, 100, 8));
      default -> throw new IOException("entry of unknown kind '" + (char) kind + "': " + name);
    }
  }

  private Path inside(String name) throws IOException {
    Path path = target.resolve(name).normalize();
    if (!path.startsWith(target)) {
      throw new IOException("entry outside the archive: " + name);
    }
    return path;
  }

  // The modes are set one by one, because the umask may be narrower than what another user needs.
  private static void folder(Path path) throws IOException {
    if (!Files.isDirectory(path)) {
      Files.createDirectories(path);
      Permissions.set(path, 0755);
    }
  }

  private void file(Path path, long size, int mode) throws IOException {
    folder(path.resolveSibling("")); // Not every folder has an entry of its own.
    try (var out = Files.newOutputStream(path)) {
      copy(size, out);
    }
    Permissions.set(path, (mode & 0111) == 0 ? 0644 : 0755);
  }

  private void copy(long size, java.io.OutputStream out) throws IOException {
    spend(size);
    byte[] buffer = new byte[64 * 1024];
    for (long left = size; left > 0; ) {
      int read = in.read(buffer, 0, (int) Math.min(left, buffer.length));
      if (read < 0) {
        throw new EOFException();
      }
      out.write(buffer, 0, read);
      left -= read;
    }
    in.skipNBytes(padding(size));
  }

  private byte[] content(long size) throws IOException {
    var out = new java.io.ByteArrayOutputStream();
    copy(size, out);
    return out.toByteArray();
  }

  private void spend(long size) throws IOException {
    bytesLeft -= size;
    if (size < 0 || bytesLeft < 0) {
      throw new IOException("more than " + MAX_BYTES + " bytes");
    }
  }

  private byte[] block() throws IOException {
    byte[] block = in.readNBytes(BLOCK);
    if (block.length < BLOCK) {
      throw new EOFException();
    }
    return block;
  }

  private static boolean isEnd(byte[] header) {
    return Arrays.equals(header, new byte[BLOCK]);
  }

  private static String name(byte[] header) {
    String name = text(header, 0, 100);
    boolean ustar = text(header, 257, 5).equals("ustar") && header[262] == 0;
    String prefix = ustar ? text(header, 345, 155) : "";
    return prefix.isEmpty() ? name : prefix + "/" + name;
  }

  private static long size(byte[] header) {
    return octal(header, 124, 12);
  }

  private static long octal(byte[] header, int offset, int length) {
    String digits = text(header, offset, length).strip();
    return digits.isEmpty() ? 0 : Long.parseLong(digits, 8);
  }

  private static String text(byte[] bytes, int offset, int maxLength) {
    int length = 0;
    while (length < maxLength && offset + length < bytes.length && bytes[offset + length] != 0) {
      length++;
    }
    return new String(bytes, offset, length, StandardCharsets.UTF_8);
  }

  private static long padding(long size) {
    return (BLOCK - size % BLOCK) % BLOCK;
  }
}
