package dev.parley.client.chat;

import dev.parley.client.rest.Login;
import dev.parley.client.rest.Tokens;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;

/// Keeps the refresh token of each account on each server in a file of its own that only its owner
/// may read.
final class Keyring {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Path folder;
  private final String server;

  Keyring(Path folder, URI server) {
    this.folder = folder;
    this.server = safe(server.getRawAuthority());
  }

  /// What is kept of an account.
  record Kept(String userId, String username, String refreshToken) {}

  /// The key of a user, or of whoever was signed in last.
  Optional<Kept> find(Optional<String> username) {
    return username.isPresent() ? read(file(username.get())) : latest().flatMap(Keyring::read);
  }

  void keep(Login login) {
    keep(login.userId(), login.username(), login.tokens());
  }

  /// Keeps the newest refresh token; the one before is worthless.
  void keep(String userId, String username, Tokens tokens) {
    if (tokens.refreshToken() != null) {
      write(file(username), new Kept(userId, username, tokens.refreshToken()));
    }
  }

  /// Forgets a key that the server does not take any more.
  void forget(String username) {
    try {
      Files.deleteIfExists(file(username));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Optional<Path> latest() {
    if (!Files.isDirectory(folder)) {
      return Optional.empty();
    }
    try (var files = Files.list(folder)) {
      return files
          .filter(file -> file.getFileName().toString().startsWith(server + "."))
          .max(Comparator.comparing(Keyring::modified));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static FileTime modified(Path file) {
    try {
      return Files.getLastModifiedTime(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Optional<Kept> read(Path file) {
    try {
      return Files.exists(file)
          ? Optional.of(JSON.readValue(Files.readString(file), Kept.class))
          : Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// A file is never half written, and never readable by others, not even for a moment.
  private void write(Path file, Kept key) {
    try {
      Files.createDirectories(folder);
      var attributes =
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
      var fresh = Files.createTempFile(folder, "new", ".json", attributes);
      Files.writeString(fresh, JSON.writeValueAsString(key));
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path file(String username) {
    return folder.resolve(server + "." + safe(username) + ".json");
  }

  private static String safe(String name) {
    return name.replaceAll("[^A-Za-z0-9_-]", "_");
  }
}
