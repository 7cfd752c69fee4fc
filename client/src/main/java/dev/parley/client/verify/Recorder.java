package dev.parley.client.verify;

import dev.parley.client.rest.RoomSummary;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Puts a server under load with senders, readers and cut connections, and afterwards has
/// everything read anew. It goes on through restarts of the server.
final class Recorder {
  /// Every so many readers, one begins anew from time to time.
  private static final int RESTARTING = 4;

  /// The sender and the reader with this number keep their connections, because a cut would heal
  /// whatever is stuck on them.
  private static final int STEADY = 1;

  private static final Duration STEP = Duration.ofMillis(50);
  private static final Duration RESTART_EVERY = Duration.ofSeconds(8);

  private final Stage stage;
  private final RandomGenerator random;
  private final Scene scene;
  private final List<Sender> senders = new ArrayList<>();
  private final List<Reader> readers = new ArrayList<>();
  private final List<Reader> leavers = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();
  private final CountDownLatch over = new CountDownLatch(1);
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

  Recorder(Stage stage) {
    this.stage = stage;
    this.random = random(stage.options().seed());
    this.scene = Scene.build(stage.options(), stage.rest(), stage.patience(), seeded());
    for (var org : scene.orgs()) {
      for (var room : org.rooms()) {
        stage.history().add(new Observation.Room(room.roomId(), org.orgId()));
      }
    }
  }

  /// Starts the load; returns at once.
  void start() {
    for (int number = 0; number < stage.options().readers(); number++) {
      var org = org(number);
      readers.add(new Reader(stage, org, org.rooms(), org.member(number), "r" + number, seeded()));
    }
    for (int number = 0; number < stage.options().senders(); number++) {
      senders.add(new Sender(stage, org(number), number, seeded()));
    }
    for (var org : scene.orgs()) {
      var leaver = new Reader(stage, org, org.privateRooms(), org.leaver(), "leaver", seeded());
      leavers.add(leaver);
      run(() -> removeFromRooms(org, seeded()));
    }
    senders.forEach(this::run);
    run(this::disturb);
  }

  /// Ends the load, waits for the answers and for the readers, and reads everything anew.
  ///
  /// @return what is wrong with the run itself; empty if it is a proof
  Optional<String> finish() {
    senders.forEach(Sender::stop);
    over.countDown();
    threads.forEach(this::join);
    stage
        .patience()
        .until(stage.options().settle(), () -> senders.stream().allMatch(Sender::isDone));
    var gaveUp = gaveUp();
    senders.forEach(Sender::close);
    for (var org : scene.orgs()) {
      readAnew(new FinalReading(stage, org), org);
    }
    readers.forEach(Reader::settle);
    readers.forEach(Reader::close);
    leavers.forEach(Reader::close);
    return gaveUp;
  }

  private void readAnew(FinalReading reading, Scene.Org org) {
    var heads = reading.heads();
    waitForReaders(org, heads);
    reading.readHistory();
    boolean _ = reading.resume(heads, stage.options().settle(), seeded());
  }

  private void waitForReaders(Scene.Org org, List<Long> heads) {
    var own = readers.stream().filter(reader -> reader.org().equals(org)).toList();
    long before = -1;
    while (before < progress(own)) {
      before = progress(own);
      if (stage
          .patience()
          .until(
              stage.options().settle(),
              () -> own.stream().allMatch(reader -> reader.hasAll(heads)))) {
        return;
      }
    }
  }

  private static long progress(List<Reader> readers) {
    return readers.stream().mapToLong(Reader::progress).sum();
  }

  /// Cuts connections and restarts readers at random until the load ends.
  private void disturb() {
    var own = seeded();
    int clients = senders.size() + readers.size() + leavers.size();
    double cut = STEP.toNanos() * (double) clients / stage.options().cutEvery().toNanos();
    double restart =
        STEP.toNanos() * (double) readers.size() / RESTARTING / RESTART_EVERY.toNanos();
    while (!isOver(STEP)) {
      for (double left = cut; left > own.nextDouble(); left--) {
        cutOne(own);
      }
      if (restart > own.nextDouble()) {
        readers.get(own.nextInt(readers.size()) / RESTARTING * RESTARTING).restart();
      }
    }
  }

  private void cutOne(RandomGenerator own) {
    int chosen = own.nextInt(senders.size() + readers.size() + leavers.size());
    if (chosen < senders.size()) {
      if (chosen != STEADY) {
        senders.get(chosen).cut();
      }
    } else if (chosen < senders.size() + readers.size()) {
      if (chosen - senders.size() != STEADY) {
        readers.get(chosen - senders.size()).cut();
      }
    } else {
      leavers.get(chosen - senders.size() - readers.size()).cut();
    }
  }

  /// Sends one member away, from one room after the other, spread over the run.
  private void removeFromRooms(Scene.Org org, RandomGenerator own) {
    long between = stage.options().duration().toMillis() / (org.privateRooms().size() + 1) + 1;
    for (RoomSummary room : org.privateRooms()) {
      if (isOver(Duration.ofMillis(own.nextLong(2 * between)))) {
        return;
      }
      var token = org.owner().logIn(stage.rest(), stage.patience(), "remover").accessToken();
      stage
          .patience()
          .run(() -> stage.rest().removeMember(token, room.roomId(), org.leaver().userId()));
    }
  }

  /// A client that gave up for good proves nothing any more, and neither does a run in which nobody
  /// was cut or removed because the thread that does it died.
  private Optional<String> gaveUp() {
    return Optional.ofNullable(failure.get())
        .map(why -> "a part of the run failed: " + why)
        .or(this::closedBecause);
  }

  private Optional<String> closedBecause() {
    return Stream.concat(
            senders.stream().map(Sender::closedBecause),
            readers.stream().map(Reader::closedBecause))
        .filter(Objects::nonNull)
        .map(why -> "a client gave up: " + why)
        .findFirst();
  }

  private boolean isOver(Duration wait) {
    try {
      return over.await(wait.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  private void run(Runnable task) {
    threads.add(
        Thread.ofVirtual()
            .uncaughtExceptionHandler((_, why) -> failure.compareAndSet(null, why))
            .start(task));
  }

  private void join(Thread thread) {
    try {
      boolean _ = thread.join(stage.options().settle());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Scene.Org org(int number) {
    return scene.orgs().get(number % scene.orgs().size());
  }

  private synchronized RandomGenerator seeded() {
    return random(random.nextLong());
  }

  private static RandomGenerator random(long seed) {
    return new Random(seed);
  }
}
