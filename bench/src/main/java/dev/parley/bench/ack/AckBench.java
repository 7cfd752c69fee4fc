package dev.parley.bench.ack;

import dev.parley.bench.ack.Loader.Sender;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Measures acknowledged messages: saturated and at half of that, over many rooms and in one, and
/// one alone. `bench/acks.sh` starts it together with a server.
public final class AckBench {
  private static final int LONE_SECONDS = 30;

  private final Options options;
  private final Tally tally = new Tally();
  private final List<LoadSocket> sockets = new ArrayList<>();
  private final Loader loader;
  private final List<Sender> rooms = new ArrayList<>();
  private final List<Sender> hot = new ArrayList<>();

  private AckBench(Options options) throws IOException {
    this.options = options;
    var world = World.make(options);
    for (var person : world.people()) {
      sockets.add(LoadSocket.open(options.server(), person.tokens().accessToken(), tally));
    }
    this.loader = new Loader(sockets, tally);
    for (int i = 0; i < options.conns(); i++) {
      var room = world.rooms().get(i % world.rooms().size());
      rooms.add(new Sender(sockets.get(i), room.roomId(), options.size()));
    }
    for (int i = 0; i < options.hotConns(); i++) {
      hot.add(new Sender(sockets.get(i), world.hot().roomId(), options.size()));
    }
  }

  /// Usage: see [Options]. The exit status is 1 if anything was lost, came twice or out of order.
  public static void main(String[] args) throws IOException {
    var bench = new AckBench(Options.parse(args));
    bench.run();
    var faults = bench.tally.verdict();
    if (bench.tally.timesBehind() > 0) {
      System.out.println("sockets of this loader were behind: " + bench.tally.timesBehind());
    }
    faults.forEach(fault -> System.out.println("FAULT: " + fault));
    System.out.println(
        faults.isEmpty() ? "no faults: every number acknowledged once, no hole" : "not clean");
    System.exit(faults.isEmpty() ? 0 : 1);
  }

  private void run() throws IOException {
    var time = Duration.ofSeconds(options.seconds());
    if (options.warmup() > 0) {
      var warmup = Duration.ofSeconds(options.warmup());
      loader.saturate(rooms, options.window(), warmup, Long.MAX_VALUE);
      loader.saturate(hot, options.hotWindow(), warmup.dividedBy(2), Long.MAX_VALUE);
    }
    System.out.println(
        "phase                           acked/s deliv/s   p50 ms   p99 ms   max ms"
            + "  server us  postgres us  loader us");
    double all = phase(options.rooms() + " rooms, saturated", () -> saturate(rooms, time));
    phase(options.rooms() + " rooms, %d/s", half(all), rooms, time);
    double one = phase("one room, saturated", () -> saturateHot(time));
    phase("one room, %d/s", half(one), hot, time);
    phase(
        "one message at a time",
        () ->
            loader.saturate(
                rooms.subList(0, 1), 1, Duration.ofSeconds(LONE_SECONDS), options.lone()));
  }

  private void saturate(List<Sender> senders, Duration time) throws IOException {
    loader.saturate(senders, options.window(), time, Long.MAX_VALUE);
  }

  private void saturateHot(Duration time) throws IOException {
    loader.saturate(hot, options.hotWindow(), time, Long.MAX_VALUE);
  }

  private int half(double reached) {
    return options.rate() > 0 ? options.rate() : (int) (reached / 2);
  }

  private void phase(String name, int rate, List<Sender> senders, Duration time)
      throws IOException {
    phase(name.formatted(rate), () -> loader.schedule(senders, rate, time));
  }

  /// Part of a run.
  @FunctionalInterface
  private interface Phase {
    void run() throws IOException;
  }

  /// Runs a phase, prints its line and returns the acknowledged messages per second.
  private double phase(String name, Phase phase) throws IOException {
    var own = List.of(ProcessHandle.current().pid());
    long server = ProcessCpu.nanos(options.processes());
    long postgres = ProcessCpu.withChildren(options.postgres());
    long loaderCpu = ProcessCpu.nanos(own);
    long start = System.nanoTime();
    phase.run();
    double seconds = (System.nanoTime() - start) / 1e9;
    double acked = Math.max(1, tally.acks());
    System.out.println(
        String.format(
            Locale.ROOT,
            "%-30s %8.0f %7.0f %s %10.1f %12.1f %10.1f",
            name,
            acked / seconds,
            tally.deliveries() / seconds,
            tally.latencies().summary(),
            (ProcessCpu.nanos(options.processes()) - server) / 1e3 / acked,
            (ProcessCpu.withChildren(options.postgres()) - postgres) / 1e3 / acked,
            (ProcessCpu.nanos(own) - loaderCpu) / 1e3 / acked));
    return acked / seconds;
  }
}
