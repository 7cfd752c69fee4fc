package dev.parley.server.adapter.postgres.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// What a server writes about itself into `postmaster.pid` of its cluster.
///
/// @param pid its process
/// @param port where it listens, 0 while it does not yet say
/// @param ready whether it takes connections
record PidFile(long pid, int port, boolean ready) {
  private static final int PORT_LINE = 3;
  private static final int STATUS_LINE = 7;

  static Path in(Path cluster) {
    return cluster.resolve("postmaster.pid");
  }

  /// What the file says; empty when there is none or it is half written.
  static Optional<PidFile> read(Path cluster) throws IOException {
    try {
      return parse(Files.readAllLines(in(cluster)));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  private static Optional<PidFile> parse(List<String> lines) {
    long pid = number(lines, 0);
    if (pid <= 0) {
      return Optional.empty();
    }
    boolean ready = lines.size() > STATUS_LINE && lines.get(STATUS_LINE).strip().equals("ready");
    return Optional.of(new PidFile(pid, (int) number(lines, PORT_LINE), ready));
  }

  private static long number(List<String> lines, int line) {
    try {
      return lines.size() > line ? Long.parseLong(lines.get(line).strip()) : 0;
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  /// The server itself, if its process lives and is a server of this cluster. A process that merely
  /// got the number of a dead server is none.
  Optional<ProcessHandle> server(Path cluster) {
    return ProcessHandle.of(pid)
        .filter(ProcessHandle::isAlive)
        .filter(process -> serves(process, cluster));
  }

  private static boolean serves(ProcessHandle process, Path cluster) {
    List<String> arguments = List.of(process.info().arguments().orElse(new String[0]));
    return arguments.contains(cluster.toString());
  }
}
