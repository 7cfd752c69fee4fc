package dev.parley.server.adapter.postgres.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/// The Unix owner and mode of files.
final class Permissions {
  private static final String UID = "unix:uid";
  private static final String GID = "unix:gid";
  private static final String MODE = "unix:mode";

  private Permissions() {}

  /// The effective user id of this process, which owns its entry in /proc.
  static int ownUid() throws IOException {
    return owner(Path.of("/proc/self"));
  }

  static int owner(Path path) throws IOException {
    return (int) Files.getAttribute(path, UID);
  }

  static int group(Path path) throws IOException {
    return (int) Files.getAttribute(path, GID);
  }

  static int mode(Path path) throws IOException {
    return (int) Files.getAttribute(path, MODE) & 07777;
  }

  static void set(Path path, int mode) throws IOException {
    Files.setAttribute(path, MODE, mode);
  }

  static void give(Path path, int uid, int gid) throws IOException {
    Files.setAttribute(path, GID, gid, LinkOption.NOFOLLOW_LINKS);
    Files.setAttribute(path, UID, uid, LinkOption.NOFOLLOW_LINKS);
  }
}
