package dev.parley.server.adapter.postgres;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLConnection;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.ZipEntry;

/// The migrations that this Parley brings, as files on the class path.
final class MigrationFiles {
  static final String FOLDER = "db/migration";

  private MigrationFiles() {}

  /// A hash over the names and contents of all migrations: two binaries with the same fingerprint
  /// want the same schema.
  static String fingerprint() {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (String name : names()) {
        digest.update(name.getBytes(StandardCharsets.UTF_8));
        digest.update(content(name));
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The names of all migrations, sorted.
  static List<String> names() throws IOException {
    URL folder = MigrationFiles.class.getClassLoader().getResource(FOLDER);
    if (folder == null) {
      throw new IllegalStateException("no migrations on the class path");
    }
    URLConnection connection = folder.openConnection();
    List<String> names = connection instanceof JarURLConnection jar ? inJar(jar) : inFolder(folder);
    return names.stream().filter(name -> name.endsWith(".sql")).sorted().toList();
  }

  private static List<String> inJar(JarURLConnection jar) throws IOException {
    return jar.getJarFile().stream()
        .map(ZipEntry::getName)
        .filter(name -> name.startsWith(FOLDER + "/"))
        .map(name -> name.substring(FOLDER.length() + 1))
        .toList();
  }

  private static List<String> inFolder(URL folder) throws IOException {
    try (var files = Files.list(Path.of(new URI(folder.toString())))) {
      return files.map(file -> String.valueOf(file.getFileName())).toList();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] content(String name) throws IOException {
    try (InputStream in =
        MigrationFiles.class.getClassLoader().getResourceAsStream(FOLDER + "/" + name)) {
      if (in == null) {
        throw new IllegalStateException("no migration " + name);
      }
      return in.readAllBytes();
    }
  }
}
