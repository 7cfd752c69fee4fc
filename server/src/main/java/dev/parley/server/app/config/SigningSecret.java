package dev.parley.server.app.config;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Base64;
import java.util.random.RandomGenerator;

/// Where the key comes from that signs our own tokens (HS256).
public sealed interface SigningSecret {
  /// What RFC 7518 (section 3.2) asks of an HS256 key, in bytes.
  int MIN_BYTES = 32;

  /// The key, at least [#MIN_BYTES] long. `chance` must be a secure generator; it is asked only
  /// when a secret must be made.
  ///
  /// @throws ConfigException when a kept secret can neither be read nor made
  byte[] key(RandomGenerator chance);

  /// The operator's own.
  record Given(Secret text) implements SigningSecret {
    /// Whether the text is shorter than it should be.
    public boolean tooShort() {
      return text.bytes().length < MIN_BYTES;
    }

    /// A short text is filled up with zero bytes. HMAC does the same to every key shorter than a
    /// block (RFC 2104, section 2), so tokens that other programs sign with the short text itself
    /// stay good here.
    @Override
    public byte[] key(RandomGenerator chance) {
      byte[] bytes = text.bytes();
      return Arrays.copyOf(bytes, Math.max(bytes.length, MIN_BYTES));
    }
  }

  /// Made once and kept in a file that only its owner can read.
  record Kept(Path file) implements SigningSecret {
    private static final int MADE_BYTES = 48;

    @Override
    public byte[] key(RandomGenerator chance) {
      try {
        if (!Files.exists(file)) {
          make(chance);
        }
        return read();
      } catch (IOException | UncheckedIOException e) {
        throw new ConfigException(
            "the secret %s can neither be read nor made (%s): set JWT_SECRET, or PARLEY_DATA to a folder of yours"
                .formatted(file, e));
      }
    }

    private byte[] read() throws IOException {
      var text = new Secret(Files.readString(file).strip());
      if (text.bytes().length < MIN_BYTES) {
        throw new ConfigException(
            "the secret %s is shorter than %d bytes: delete the file, and a new one is made"
                .formatted(file, MIN_BYTES));
      }
      return text.bytes();
    }

    /// Appears whole or not at all: another process that starts at the same moment reads the same
    /// secret.
    private void make(RandomGenerator chance) throws IOException {
      var bytes = new byte[MADE_BYTES];
      chance.nextBytes(bytes);
      Files.createDirectories(file.getParent());
      var draft =
          Files.createTempFile(
              file.getParent(),
              "secret",
              ".new",
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      try {
        Files.writeString(
            draft, Base64.getUrlEncoder().withoutPadding().encodeToString(bytes) + "\n");
        Files.createLink(file, draft);
      } catch (FileAlreadyExistsException e) {
        // Somebody else was first; theirs is the secret.
      } finally {
        Files.delete(draft);
      }
    }
  }
}
