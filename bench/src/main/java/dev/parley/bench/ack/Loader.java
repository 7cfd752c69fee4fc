package dev.parley.bench.ack;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.List;

/// Sends and hears on one thread.
final class Loader {
  private static final long DRAIN_NANOS = Duration.ofSeconds(10).toNanos();

  private final Selector selector;
  private final Tally tally;

  /// One who sends to one room.
  static final class Sender {
    private final LoadSocket socket;
    private final Draft draft;
    private final String room;

    Sender(LoadSocket socket, String room, int size) {
      this.socket = socket;
      this.draft = new Draft(room, size);
      this.room = room;
    }
  }

  Loader(List<LoadSocket> sockets, Tally tally) throws IOException {
    this.selector = Selector.open();
    this.tally = tally;
    for (var socket : sockets) {
      socket.channel().register(selector, SelectionKey.OP_READ, socket);
    }
  }

  /// Keeps so many messages of each sender under way.
  ///
  /// @param most messages of all senders, after which the phase ends early
  void saturate(List<Sender> senders, int window, Duration time, long most) throws IOException {
    begin(senders);
    long end = System.nanoTime() + time.toNanos();
    for (var sender : senders) {
      for (int i = 0; i < window; i++) {
        sender.socket.send(sender.draft, System.nanoTime());
      }
    }
    while (System.nanoTime() < end && tally.acks() < most) {
      flush(senders);
      hear(100);
      for (var sender : senders) {
        for (int i = sender.socket.takeAcked(); i > 0; i--) {
          sender.socket.send(sender.draft, System.nanoTime());
        }
      }
    }
    drain(senders);
  }

  /// Sends so many messages per second over all senders, whatever the server does. Latency counts
  /// from the schedule.
  void schedule(List<Sender> senders, int rate, Duration time) throws IOException {
    begin(senders);
    long start = System.nanoTime();
    long end = start + time.toNanos();
    long number = 0;
    for (long now = start; now < end; now = System.nanoTime()) {
      long due = (now - start) * rate / 1_000_000_000L;
      for (; number < due; number++) {
        var sender = senders.get((int) (number % senders.size()));
        sender.socket.send(sender.draft, start + number * 1_000_000_000L / rate);
      }
      flush(senders);
      hear(1);
    }
    drain(senders);
  }

  private void begin(List<Sender> senders) {
    tally.begin();
    for (var sender : senders) {
      tally.writes(sender.socket, sender.room);
      sender.socket.forgetOrder();
      var _ = sender.socket.takeAcked();
    }
  }

  private void drain(List<Sender> senders) throws IOException {
    tally.end(System.nanoTime());
    long end = System.nanoTime() + DRAIN_NANOS;
    while (senders.stream().anyMatch(sender -> sender.socket.unanswered() > 0)) {
      if (System.nanoTime() > end) {
        tally.fault("messages were not answered");
        return;
      }
      flush(senders);
      hear(10);
    }
  }

  private void hear(int millis) throws IOException {
    selector.select(
        key -> {
          try {
            ((LoadSocket) key.attachment()).read();
          } catch (IOException e) {
            key.cancel();
            tally.fault(String.valueOf(e));
          }
        },
        millis);
  }

  private static void flush(List<Sender> senders) throws IOException {
    for (var sender : senders) {
      if (sender.socket.hasOutput()) {
        sender.socket.flush();
      }
    }
  }
}
