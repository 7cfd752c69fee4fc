package dev.parley.server.app;

import dev.parley.server.app.config.Config;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/// The doctor's questions about the machine: Java, clock, open files, disk.
final class DoctorMachine {
  /// No release is older, so a clock before it is wrong.
  private static final Instant FIRST_RELEASE = Instant.parse("2026-01-01T00:00:00Z");

  private static final long FILES_WANTED = 10_000;
  private static final long DISK_WANTED = 5L << 30;
  private static final long DISK_NEEDED = 500L << 20;

  private final Config config;
  private final InstantSource clock;

  DoctorMachine(Config config, InstantSource clock) {
    this.config = config;
    this.clock = clock;
  }

  List<Diagnosis> findings() {
    return List.of(java(), clock(), files(), folder(), disk());
  }

  private static Diagnosis java() {
    var version = Runtime.version();
    return version.feature() >= 25
        ? Diagnosis.ok("java", version.toString())
        : Diagnosis.fail("java", version.toString(), "install a JDK 25");
  }

  private Diagnosis clock() {
    var now = clock.instant();
    return now.isAfter(FIRST_RELEASE)
        ? Diagnosis.ok("clock", now.toString())
        : Diagnosis.warn(
            "clock",
            now + " has long passed",
            "set the clock; tokens and times will be wrong (order will not)");
  }

  private static Diagnosis files() {
    return openFiles()
        .map(
            limit ->
                limit >= FILES_WANTED
                    ? Diagnosis.ok("files", limit + " may be open")
                    : Diagnosis.warn(
                        "files",
                        "only " + limit + " may be open, each socket is one",
                        "ulimit -n " + FILES_WANTED * 10))
        .orElseGet(() -> Diagnosis.ok("files", "no limit known on this system"));
  }

  private static Optional<Long> openFiles() {
    return ManagementFactory.getOperatingSystemMXBean()
            instanceof com.sun.management.UnixOperatingSystemMXBean unix
        ? Optional.of(unix.getMaxFileDescriptorCount())
        : Optional.empty();
  }

  private Diagnosis folder() {
    var data = config.node().data();
    return Files.isWritable(nearest(data))
        ? Diagnosis.ok("data", data + (Files.exists(data) ? "" : " (made at the first start)"))
        : Diagnosis.fail(
            "data", data + " cannot be written", "set PARLEY_DATA to a folder of this user");
  }

  private Diagnosis disk() {
    try {
      long free = Files.getFileStore(nearest(config.node().data())).getUsableSpace();
      var fact = (free >> 20) + " MiB free for " + config.node().data();
      if (free < DISK_NEEDED) {
        return Diagnosis.fail("disk", fact, "free some, " + (DISK_NEEDED >> 20) + " MiB at least");
      }
      return free < DISK_WANTED
          ? Diagnosis.warn("disk", fact, "free some: 5 GiB last a while")
          : Diagnosis.ok("disk", fact);
    } catch (IOException e) {
      return Diagnosis.warn(
          "disk", "free space is unknown: " + e.getMessage(), "look at PARLEY_DATA");
    }
  }

  /// The folder itself, or the first that exists above it.
  private static Path nearest(Path folder) {
    var path = folder;
    while (!Files.exists(path) && path.getParent() != null) {
      path = path.getParent();
    }
    return path;
  }
}
