package dev.parley.server.app;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// A program that a test runs as a process of its own, with nothing of our environment but PATH.
final class Program {
  /// How it ended and what it wrote.
  record Outcome(int code, String out, String err) {}

  private final Path folder;
  private final Path out;
  private final Path err;
  private final Process process;

  private Program(Path folder, Map<String, String> environment, List<String> command)
      throws IOException {
    this.folder = folder;
    this.out = Files.createTempFile("program", ".out");
    this.err = Files.createTempFile("program", ".err");
    var builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().keySet().retainAll(List.of("PATH"));
    builder.environment().putAll(environment);
    this.process = builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
  }

  static Program start(Path folder, Map<String, String> environment, String... command)
      throws IOException {
    return new Program(folder, environment, List.of(command));
  }

  /// A Java program out of the tests' own classes.
  static Program java(Path folder, Map<String, String> environment, Class<?> main, String... args)
      throws IOException {
    var command =
        new ArrayList<>(
            List.of(
                javaHome().resolve("bin/java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
    command.addAll(List.of(args));
    return new Program(folder, environment, command);
  }

  static Path javaHome() {
    return Path.of(System.getProperty("java.home"));
  }

  Process process() {
    return process;
  }

  /// What it has written to stdout so far.
  String out() {
    return read(out);
  }

  /// Waits for the end, for a minute at most.
  Outcome outcome() throws InterruptedException {
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError("still running after 60 s in " + folder + ": " + out() + read(err));
    }
    return new Outcome(process.exitValue(), out(), read(err));
  }

  private static String read(Path file) {
    try {
      return Files.readString(file, UTF_8);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
