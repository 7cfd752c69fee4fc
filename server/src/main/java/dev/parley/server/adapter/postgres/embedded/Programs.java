package dev.parley.server.adapter.postgres.embedded;

import dev.parley.server.base.StartupException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Runs the programs of PostgreSQL as the user who may.
final class Programs {
  private final Binaries binaries;
  private final Identity identity;

  Programs(Binaries binaries, Identity identity) {
    this.binaries = binaries;
    this.identity = identity;
  }

  /// The command line that runs this program.
  List<String> line(String program, List<String> arguments) {
    var line = new ArrayList<String>();
    line.add(binaries.program(program).toString());
    line.addAll(arguments);
    return line;
  }

  /// Runs a program to its end.
  ///
  /// @return what it printed
  /// @throws StartupException when it fails, with what it printed
  String run(String program, List<String> arguments, String input)
      throws IOException, InterruptedException {
    Process process = builder(line(program, arguments)).redirectErrorStream(true).start();
    try (var stdin = process.outputWriter(StandardCharsets.UTF_8)) {
      stdin.write(input);
    }
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int exit = process.waitFor();
    if (output.contains("could not look up effective user ID")) {
      throw new StartupException(
          "PostgreSQL makes its data only for a user that /etc/passwd names, and it does not name this one. "
              + "Run Parley as another user, or set DATABASE_URL.");
    }
    if (exit != 0) {
      throw new StartupException("%s ended with %d: %s".formatted(program, exit, output.strip()));
    }
    return output;
  }

  /// Starts the server and lets it run. It gets a session of its own, so that a Ctrl-C in the
  /// terminal reaches Parley alone, which then stops the server last.
  Process serve(List<String> arguments, ServerLog log) throws IOException {
    var line = new ArrayList<String>();
    Tool.find("setsid").ifPresent(line::add);
    line.addAll(line("postgres", arguments));
    return builder(line)
        .redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")))
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.file().toFile()))
        .start();
  }

  /// Sends a signal to a server; nothing happens if it is gone.
  void signal(String name, long pid) {
    try {
      run("pg_ctl", List.of("kill", name, Long.toString(pid)), "");
    } catch (StartupException e) {
      // It ended by itself in between.
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private ProcessBuilder builder(List<String> line) {
    var builder = new ProcessBuilder(identity.command(line)).directory(new java.io.File("/"));
    builder
        .environment()
        .keySet()
        .removeIf(name -> name.startsWith("PG") || name.startsWith("LC_"));
    return builder;
  }
}
