package dev.parley.client;

import dev.parley.client.rest.Page;
import dev.parley.client.rest.RestApi;
import dev.parley.client.rest.Tokens;
import dev.parley.protocol.ClientCommand;
import dev.parley.protocol.ClientCommand.Delete;
import dev.parley.protocol.ClientCommand.Edit;
import dev.parley.protocol.ClientCommand.Join;
import dev.parley.protocol.ClientCommand.Leave;
import dev.parley.protocol.ClientCommand.Pin;
import dev.parley.protocol.ClientCommand.React;
import dev.parley.protocol.ClientCommand.Read;
import dev.parley.protocol.ClientCommand.Send;
import dev.parley.protocol.ClientCommand.Typing;
import dev.parley.protocol.ClientCommand.Unpin;
import dev.parley.protocol.ClientCommand.Unreact;
import dev.parley.protocol.CommandCodec;
import dev.parley.protocol.Cursor;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.ServerEvent;
import dev.parley.protocol.ServerEvent.Failure;
import dev.parley.protocol.ServerEvent.Ok;
import java.net.http.HttpClient;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongFunction;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// A connection to a Parley server that mends itself: it reconnects with jitter, resumes where it
/// was, asks again under the same `op` until it has an answer, and tells its listener every event
/// of an opened room once and in order.
///
/// ```java
/// try (var client = ParleyClient.connect(ClientOptions.of(server, login.tokens()), listener)) {
///   client.open(room, 0);
///   client.send(room, "hello").join();
/// }
/// ```
///
/// Safe for use by several threads. Futures complete, and the listener is called, on the client's
/// one thread: do not block there. Unanswered commands are bounded; beyond the bound a call fails
/// with [OutboxFullException] and has no effect. A future fails with [CommandRefusedException] if
/// the server says no, and with [ClientClosedException] if nobody knows.
public final class ParleyClient implements AutoCloseable {
  /// Signals that may wait for the client's thread, besides the unanswered commands. Beyond it,
  /// hints are dropped and a thread that has anything else to add waits.
  private static final int MAILBOX = 4_096;

  /// The largest frame that every server takes (docs/protocol/commands.md).
  private static final int FRAME_BYTES = 65_536;

  private static final long LONGEST_ID = (1L << 53) - 1;

  private final BlockingQueue<Signal> mailbox;
  private final ReentrantLock sending = new ReentrantLock(); // keeps store and mailbox in one order
  private final Semaphore permits;
  private final int maxUnanswered;
  private final OpStore opStore;
  private final Time time;
  private final RandomGenerator random;
  private final ClientListener listener;
  private final @Nullable HttpClient ownHttp;
  private final Network network;
  private final Engine engine;
  private final Thread thread;
  private final RestApi rest;
  private volatile Tokens tokens;
  private volatile boolean closed;

  private ParleyClient(ClientOptions options, ClientListener listener, int restored) {
    this.mailbox = new LinkedBlockingQueue<>(MAILBOX + options.maxUnanswered + restored);
    this.maxUnanswered = options.maxUnanswered;
    this.permits = new Semaphore(options.maxUnanswered);
    this.opStore = options.opStore;
    this.time = options.time;
    this.random = options.random;
    this.listener = listener;
    this.ownHttp = options.http == null ? HttpClient.newHttpClient() : null;
    var http = options.http == null ? Objects.requireNonNull(ownHttp) : options.http;
    this.tokens = options.tokens;
    this.rest = new RestApi(http, options.server);
    this.network = new Network(http, options.server, this::post);
    this.engine = new Engine(options, listener, network);
    this.thread = Thread.ofVirtual().name("parley-client").unstarted(this::run);
  }

  /// Starts a client. It returns at once; the listener hears how it goes.
  public static ParleyClient connect(ClientOptions options, ClientListener listener) {
    var kept = options.opStore.load();
    var client = new ParleyClient(options, listener, kept.size());
    kept.forEach(client::restore);
    client.thread.start();
    return client;
  }

  /// Posts a message.
  public CompletableFuture<Sent> send(String roomId, String content) {
    return send(new Draft(newOp(), roomId, content, null, List.of()));
  }

  /// Posts a message under a given `op`; the same `op` is posted at most once for ever. One that
  /// fits into no frame is refused here with `too_large`: the server would close the connection.
  public CompletableFuture<Sent> send(Draft draft) {
    var answer = new CompletableFuture<Sent>();
    if (CommandCodec.encode(command(LONGEST_ID, draft)).length > FRAME_BYTES) {
      answer.completeExceptionally(
          new CommandRefusedException(
              new Failure(0, ErrorCode.TOO_LARGE, "the message fits into no frame", null)));
      return answer;
    }
    if (!permits.tryAcquire()) {
      answer.completeExceptionally(new OutboxFullException(maxUnanswered));
      return answer;
    }
    sending.lock();
    try {
      opStore.keep(draft);
      post(submit(draft, new SendAnswer(draft, answer)));
    } finally {
      sending.unlock();
    }
    return answer;
  }

  /// A new idempotency key: UUID version 7 (RFC 9562, section 5.7).
  public UUID newOp() {
    long high = (time.wall().millis() << 16) | 0x7000 | (random.nextLong() & 0x0FFF);
    long low = (random.nextLong() & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L;
    return new UUID(high, low);
  }

  /// Delivers a room of mine without a hole from after `pos` on; 0 is the beginning.
  public void open(String roomId, long pos) {
    post(new Signal.Open(roomId, null, pos));
  }

  /// Delivers a room of mine without a hole from after a cursor that was kept.
  public void open(String roomId, Cursor after) {
    post(new Signal.Open(roomId, after.epoch(), after.pos()));
  }

  /// Delivers a room of mine without a hole from now on.
  public void open(String roomId) {
    post(new Signal.Open(roomId, null, null));
  }

  /// Does without a room's events from now on.
  public void shut(String roomId) {
    post(new Signal.Shut(roomId));
  }

  /// Becomes a member of a public room.
  public CompletableFuture<Ok> join(String roomId) {
    return ask(id -> new Join(id, roomId));
  }

  /// Stops being a member of a room.
  public CompletableFuture<Ok> leave(String roomId) {
    return ask(id -> new Leave(id, roomId));
  }

  /// Replaces the content of an own message.
  public CompletableFuture<Ok> edit(String roomId, long messageId, String content) {
    return ask(id -> new Edit(id, roomId, messageId, content));
  }

  /// Removes the content of a message.
  public CompletableFuture<Ok> delete(String roomId, long messageId) {
    return ask(id -> new Delete(id, roomId, messageId));
  }

  /// Adds a reaction.
  public CompletableFuture<Ok> react(String roomId, long messageId, String emoji) {
    return ask(id -> new React(id, roomId, messageId, emoji));
  }

  /// Takes a reaction back.
  public CompletableFuture<Ok> unreact(String roomId, long messageId, String emoji) {
    return ask(id -> new Unreact(id, roomId, messageId, emoji));
  }

  /// Pins a message.
  public CompletableFuture<Ok> pin(String roomId, long messageId) {
    return ask(id -> new Pin(id, roomId, messageId));
  }

  /// Unpins a message.
  public CompletableFuture<Ok> unpin(String roomId, long messageId) {
    return ask(id -> new Unpin(id, roomId, messageId));
  }

  /// Has read everything up to a message.
  public CompletableFuture<Ok> read(String roomId, long messageId) {
    return ask(id -> new Read(id, roomId, messageId));
  }

  /// Types, or has stopped. May get lost.
  public void typing(String roomId, boolean active) {
    boolean _ = mailbox.offer(new Signal.Hint(new Typing(0, roomId, active)));
  }

  /// The newest messages before one, or the newest of all, ascending. Blocks; asks by HTTP.
  public Page<ServerEvent.Message> history(String roomId, @Nullable Long messageId, int limit) {
    return rest.messagesBefore(tokens.accessToken(), roomId, messageId, limit);
  }

  /// Cuts the connection as a failing network would; the client reconnects and resumes. For tests.
  public void cut() {
    post(new Signal.Cut());
  }

  /// Closes the connection and ends the client's thread; returns when both are done, unless it is
  /// called by that thread.
  @Override
  public void close() {
    post(new Signal.Stop());
    if (Thread.currentThread().equals(thread)) {
      return;
    }
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (ownHttp != null) {
      ownHttp.shutdownNow();
    }
  }

  private CompletableFuture<Ok> ask(LongFunction<ClientCommand> command) {
    var answer = new CompletableFuture<Ok>();
    if (!permits.tryAcquire()) {
      answer.completeExceptionally(new OutboxFullException(maxUnanswered));
      return answer;
    }
    post(new Signal.Submit(command, new AskAnswer(answer)));
    return answer;
  }

  private void restore(Draft draft) {
    permits.tryAcquire();
    post(submit(draft, new SendAnswer(draft, restored(draft))));
  }

  private CompletableFuture<Sent> restored(Draft draft) {
    var answer = new CompletableFuture<Sent>();
    var _ =
        answer.whenComplete(
            (sent, failure) -> {
              if (sent != null) {
                listener.onRestored(sent);
              } else if (failure instanceof CommandRefusedException refused) {
                listener.onRestoredRefused(draft, refused);
              }
            });
    return answer;
  }

  private static Signal submit(Draft draft, Outbox.Answer answer) {
    return new Signal.Submit(id -> command(id, draft), answer);
  }

  private static Send command(long id, Draft draft) {
    return new Send(
        id, draft.roomId(), draft.op(), draft.content(), draft.threadId(), draft.attachments());
  }

  private void post(Signal signal) {
    if (closed) {
      abandon(signal);
      return;
    }
    try {
      mailbox.put(signal);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      abandon(signal);
    }
    if (closed) {
      drain();
    }
  }

  private void run() {
    try {
      engine.start();
      while (engine.state() != ClientState.CLOSED) {
        var wait = engine.untilNextTick();
        var signal = mailbox.poll(wait.toNanos(), TimeUnit.NANOSECONDS);
        if (signal != null) {
          handle(signal);
        }
        engine.tick();
      }
    } catch (InterruptedException e) {
      engine.stop(e);
    } catch (RuntimeException e) {
      engine.stop(e);
      throw e;
    } finally {
      closed = true;
      drain();
    }
  }

  private void handle(Signal signal) {
    if (signal instanceof Signal.Refreshed refreshed) {
      tokens = refreshed.tokens();
    }
    engine.handle(signal);
    if (signal instanceof Signal.Received received) {
      network.dealtWith(received.wire());
    }
  }

  /// Nobody reads the mailbox any more.
  private void drain() {
    for (var signal = mailbox.poll(); signal != null; signal = mailbox.poll()) {
      abandon(signal);
    }
  }

  private static void abandon(Signal signal) {
    if (signal instanceof Signal.Submit submit) {
      submit.answer().abandoned(new ClientClosedException("the client is closed", null));
    }
  }

  /// Who waits for a message to be posted.
  private final class SendAnswer implements Outbox.Answer {
    private final Draft draft;
    private final CompletableFuture<Sent> answer;

    SendAnswer(Draft draft, CompletableFuture<Sent> answer) {
      this.draft = draft;
      this.answer = answer;
    }

    @Override
    public void ok(Ok ok) {
      opStore.drop(draft.op());
      permits.release();
      answer.complete(sent(ok));
    }

    @Override
    public void refused(Failure failure) {
      opStore.drop(draft.op());
      permits.release();
      answer.completeExceptionally(new CommandRefusedException(failure));
    }

    @Override
    public void abandoned(ClientClosedException why) {
      answer.completeExceptionally(why);
    }

    private Sent sent(Ok ok) {
      return new Sent(
          draft.op(),
          draft.roomId(),
          Objects.requireNonNull(ok.messageId(), "ok without message_id"),
          Objects.requireNonNull(ok.seq(), "ok without seq"),
          Objects.requireNonNull(ok.pos(), "ok without pos"),
          Objects.requireNonNull(ok.timestamp(), "ok without timestamp"),
          ok.duplicate());
    }
  }

  /// Who waits for any other command.
  private final class AskAnswer implements Outbox.Answer {
    private final CompletableFuture<Ok> answer;

    AskAnswer(CompletableFuture<Ok> answer) {
      this.answer = answer;
    }

    @Override
    public void ok(Ok ok) {
      permits.release();
      answer.complete(ok);
    }

    @Override
    public void refused(Failure failure) {
      permits.release();
      answer.completeExceptionally(new CommandRefusedException(failure));
    }

    @Override
    public void abandoned(ClientClosedException why) {
      answer.completeExceptionally(why);
    }
  }
}
