package dev.parley.server.adapter.postgres.embedded;

import dev.parley.server.base.StartupException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/// Programs of the system (util-linux).
final class Tool {
  private static final String USUAL_PLACES = "/usr/bin:/bin:/usr/sbin:/sbin";

  private Tool() {}

  /// Where this program is, if anywhere.
  static Optional<String> find(String name) {
    String path = System.getenv().getOrDefault("PATH", "") + ":" + USUAL_PLACES;
    return Stream.of(path.split(":", -1))
        .filter(folder -> folder.startsWith("/"))
        .map(folder -> Path.of(folder, name))
        .filter(Files::isExecutable)
        .map(Path::toString)
        .findFirst();
  }

  /// Where this program is.
  ///
  /// @throws StartupException when it is nowhere, naming the package and the ways around
  static String require(String name) {
    return find(name)
        .orElseThrow(
            () ->
                new StartupException(
                    "PostgreSQL does not run as root, and the program that changes the user is missing: "
                        + name
                        + ". Install the package util-linux, run Parley as an ordinary user, or set DATABASE_URL."));
  }
}
