package dev.parley.client.verify;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A server in a process of its own, with its own database in its own folder; to be killed and
/// started again.
final class ServerProcess implements AutoCloseable {
  private static final Duration READY = Duration.ofSeconds(90);
  private static final Duration ASK = Duration.ofSeconds(2);

  private final Start start;
  private final Path data;
  private final URI url;
  private final HttpClient http;
  private final Patience patience;
  private @Nullable Process process;

  /// How the server is started.
  ///
  /// @param command starts it in the foreground, with `data` as its folder and answering at `url`
  /// @param foreign variables of our environment that it does not get
  record Start(List<String> command, Set<String> foreign) {
    /// Beside its data, so that it reads no settings of whoever runs us.
    Process run(Path folder) throws IOException {
      var builder =
          new ProcessBuilder(command)
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .redirectOutput(
                  ProcessBuilder.Redirect.appendTo(folder.resolve("server.log").toFile()));
      builder.environment().keySet().removeAll(foreign);
      return builder.start();
    }
  }

  ServerProcess(Start start, Path data, URI url, HttpClient http, Patience patience) {
    this.start = start;
    this.data = data;
    this.url = url;
    this.http = http;
    this.patience = patience;
  }

  /// Starts the server and returns when it is ready.
  void start() {
    try {
      process = start.run(data.resolve("..").toAbsolutePath().normalize());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    awaitReady();
  }

  /// Waits until the server says that it is ready.
  void awaitReady() {
    boolean inTime = patience.until(READY, () -> isReady() || hasExited());
    if (!inTime || hasExited()) {
      throw new IllegalStateException(
          "the server does not get ready; see " + data.resolveSibling("server.log"));
    }
  }

  /// Ends the server as a crash would: SIGKILL.
  void kill() {
    var running = running();
    running.destroyForcibly();
    boolean _ = patience.until(READY, () -> !running.isAlive());
  }

  /// Ends the database as a crash would: SIGKILL to its first process, and to those that it left
  /// behind.
  void killDatabase() {
    var postmaster =
        postmaster().orElseThrow(() -> new IllegalStateException("no database runs in " + data));
    var workers = postmaster.descendants().toList();
    postmaster.destroyForcibly();
    workers.forEach(ProcessHandle::destroyForcibly);
    boolean _ =
        patience.until(
            READY,
            () -> !postmaster.isAlive() && workers.stream().noneMatch(ProcessHandle::isAlive));
  }

  /// Whether a database runs in the folder.
  boolean hasDatabase() {
    return postmaster().isPresent();
  }

  boolean hasExited() {
    return !running().isAlive();
  }

  /// Ends the server in order, and if it does not end, by force.
  @Override
  public void close() {
    var last = process;
    if (last == null) {
      return;
    }
    last.destroy();
    if (!patience.until(Duration.ofSeconds(40), () -> !last.isAlive())) {
      last.destroyForcibly();
    }
    if (postmaster().isPresent()) {
      killDatabase();
    }
  }

  private Process running() {
    var present = process;
    if (present == null) {
      throw new IllegalStateException("the server was not started");
    }
    return present;
  }

  private boolean isReady() {
    try {
      var request = HttpRequest.newBuilder(url.resolve("/health/ready")).timeout(ASK).build();
      return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private Optional<ProcessHandle> postmaster() {
    try (var files = Files.find(data, 4, (file, about) -> file.endsWith("postmaster.pid"))) {
      return files
          .findFirst()
          .flatMap(ServerProcess::firstLine)
          .flatMap(pid -> ProcessHandle.of(Long.parseLong(pid)))
          .filter(ProcessHandle::isAlive);
    } catch (IOException | UncheckedIOException e) {
      return Optional.empty();
    }
  }

  private static Optional<String> firstLine(Path file) {
    try {
      return Files.readAllLines(file).stream().findFirst().map(String::strip);
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
