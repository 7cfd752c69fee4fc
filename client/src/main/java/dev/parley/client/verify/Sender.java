package dev.parley.client.verify;

import dev.parley.client.CommandRefusedException;
import dev.parley.client.Draft;
import dev.parley.client.ParleyClient;
import dev.parley.client.Sent;
import dev.parley.client.rest.RoomSummary;
import dev.parley.client.verify.Observation.Acked;
import dev.parley.client.verify.Observation.Invoked;
import dev.parley.client.verify.Observation.Kind;
import dev.parley.client.verify.Observation.Refused;
import dev.parley.client.verify.Observation.Unanswered;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Writes messages without waiting for the answers, a tenth of them twice, and of those a half over
/// another connection.
final class Sender implements Runnable {
  private static final int TWICE_IN = 10;
  private static final Duration REFUSED_PAUSE = Duration.ofMillis(50);
  private static final Duration WINDOW_POLL = Duration.ofMillis(200);

  private final Stage stage;
  private final Scene.Org org;
  private final RandomGenerator random;
  private final Witness witness;
  private final Witness otherWitness;
  private final ParleyClient client;
  private final ParleyClient other;
  private final Semaphore window;
  private final ConcurrentHashMap<UUID, AtomicInteger> open = new ConcurrentHashMap<>();
  private volatile long pauseUntil;
  private volatile boolean stopped;

  Sender(Stage stage, Scene.Org org, int number, RandomGenerator random) {
    this.stage = stage;
    this.org = org;
    this.random = random;
    var account = org.member(number);
    this.witness = witness("s" + number, account);
    this.otherWitness = witness("s" + number + "b", account);
    this.client = stage.connect(account, witness, random);
    this.other = stage.connect(account, otherWitness, random);
    this.window = new Semaphore(stage.options().window());
  }

  private Witness witness(String name, Account account) {
    return new Witness(
        stage.history(), org.orgId() + "/" + name, Kind.CLIENT, account.userId(), org.orgId());
  }

  @Override
  public void run() {
    while (!stopped) {
      if (acquire()) {
        sendOne();
        pace();
      }
    }
  }

  /// Sends nothing more.
  void stop() {
    stopped = true;
  }

  /// Cuts one of the connections.
  void cut() {
    (random.nextBoolean() ? client : other).cut();
  }

  /// Whether every message is answered.
  boolean isDone() {
    return open.isEmpty();
  }

  /// Gives up; what is unanswered now never will be answered.
  void close() {
    open.forEach(
        (op, attempts) -> {
          for (int left = attempts.get(); left > 0; left--) {
            stage.history().add(new Unanswered(op, true));
          }
        });
    client.close();
    other.close();
  }

  /// Why a client gave up; null if none has.
  @Nullable Throwable closedBecause() {
    var why = witness.closedBecause();
    return why == null ? otherWitness.closedBecause() : why;
  }

  private boolean acquire() {
    try {
      return window.tryAcquire(WINDOW_POLL.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      stopped = true;
      return false;
    }
  }

  private void sendOne() {
    var room = pick(org.rooms());
    var op = client.newOp();
    var body = Body.write(org.orgId(), op, random);
    var draft = new Draft(op, room.roomId(), body, null, List.of());
    attempt(witness, client, draft, window::release);
    if (random.nextInt(TWICE_IN) == 0) {
      boolean elsewhere = random.nextBoolean();
      attempt(elsewhere ? otherWitness : witness, elsewhere ? other : client, draft, () -> {});
    }
  }

  private RoomSummary pick(List<RoomSummary> rooms) {
    return rooms.get(random.nextInt(rooms.size()));
  }

  private void attempt(Witness by, ParleyClient through, Draft draft, Runnable settled) {
    open.computeIfAbsent(draft.op(), op -> new AtomicInteger()).incrementAndGet();
    stage
        .history()
        .add(
            new Invoked(
                stage.history().now(),
                draft.op(),
                by.name(),
                draft.roomId(),
                Body.hash(draft.content())));
    var _ =
        through
            .send(draft)
            .whenComplete(
                (sent, failure) -> {
                  answered(draft, sent, failure);
                  settled.run();
                });
  }

  private void answered(Draft draft, @Nullable Sent sent, @Nullable Throwable failure) {
    long now = stage.history().now();
    if (sent != null) {
      stage.history().add(new Acked(now, draft.op(), sent.messageId(), sent.seq(), sent.pos()));
    } else if (failure instanceof CommandRefusedException refused) {
      stage.history().add(new Refused(now, draft.op(), refused.code().wireName()));
      pauseUntil = now + refused.retryAfter().orElse(REFUSED_PAUSE).toNanos();
    } else {
      stage.history().add(new Unanswered(draft.op(), false));
    }
    open.computeIfPresent(
        draft.op(), (op, attempts) -> attempts.decrementAndGet() == 0 ? null : attempts);
  }

  private void pace() {
    long pause = pauseUntil - stage.history().now();
    if (pause > 0) {
      stage.patience().pause(Duration.ofNanos(pause));
    }
    if (stage.options().rate() > 0) {
      var between = random.nextDouble() * 2e9 / stage.options().rate();
      stage.patience().pause(Duration.ofNanos((long) between));
    }
  }
}
