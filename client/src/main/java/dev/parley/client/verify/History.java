package dev.parley.client.verify;

import dev.parley.client.Time;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Puts the observations of many threads into one order, judges them as they come and, if asked to,
/// writes them down.
public final class History implements AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Checker checker = new Checker(); // guarded by this
  private final Time time;
  private final @Nullable BufferedWriter file; // guarded by this

  public History(Time time, Optional<Path> path) {
    this.time = time;
    try {
      this.file = path.isEmpty() ? null : Files.newBufferedWriter(path.get());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Nanoseconds of a clock that never jumps.
  long now() {
    return time.nanos().getAsLong();
  }

  /// Takes in what happened next.
  public synchronized void add(Observation observation) {
    checker.accept(observation);
    if (file != null) {
      write(file, observation);
    }
  }

  /// The database was killed, or is about to be started again.
  public synchronized void store(boolean isUp) {
    add(new Observation.Store(now(), isUp));
  }

  /// The server is about to lose its database, or has recovered from that.
  public synchronized void outage(boolean isOver) {
    add(new Observation.Outage(now(), isOver));
  }

  /// Judges everything.
  public synchronized Report report() {
    return checker.report();
  }

  /// Distinct messages acknowledged so far.
  public synchronized long acked() {
    return checker.acked();
  }

  @Override
  public synchronized void close() {
    try {
      if (file != null) {
        file.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void write(BufferedWriter file, Observation observation) {
    var node = JSON.createObjectNode();
    node.put("what", observation.getClass().getSimpleName());
    node.setAll((ObjectNode) JSON.valueToTree(observation));
    try {
      file.write(JSON.writeValueAsString(node));
      file.newLine();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
