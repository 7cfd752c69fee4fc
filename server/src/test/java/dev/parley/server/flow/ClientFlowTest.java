package dev.parley.server.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.parley.client.ClientClosedException;
import dev.parley.client.ClientListener;
import dev.parley.client.ClientOptions;
import dev.parley.client.ClientState;
import dev.parley.client.CommandRefusedException;
import dev.parley.client.Draft;
import dev.parley.client.MemoryOpStore;
import dev.parley.client.OutboxFullException;
import dev.parley.client.ParleyClient;
import dev.parley.client.Sent;
import dev.parley.client.rest.Login;
import dev.parley.client.rest.RestApi;
import dev.parley.client.rest.RoomSummary;
import dev.parley.client.rest.Tokens;
import dev.parley.protocol.Cursor;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.ServerEvent;
import dev.parley.protocol.ServerEvent.InRoom;
import dev.parley.protocol.ServerEvent.Message;
import dev.parley.server.testing.PostgresExtension;
import dev.parley.server.testing.TestDatabase;
import dev.parley.server.testing.TestServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/// The Java client against a whole node.
@ExtendWith(PostgresExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ClientFlowTest {
  private static final AtomicInteger NAMES = new AtomicInteger();
  private static final String PASSWORD = "a long and unusual password";

  private final HttpClient http = HttpClient.newHttpClient();
  private TestServer server;
  private RestApi rest;
  private Login ann;
  private Login bob;
  private String org;

  @BeforeAll
  void start(TestDatabase database) {
    server = TestServer.start(database, Map.of());
    rest = new RestApi(http, server.http());
    ann = rest.signUp("ann" + NAMES.incrementAndGet(), PASSWORD);
    bob = rest.signUp("bob" + NAMES.incrementAndGet(), PASSWORD);
    org = rest.createOrg(token(ann), "Acme").orgId();
    rest.addOrgMember(token(ann), org, bob.userId(), "member");
  }

  @AfterAll
  void stop() {
    http.shutdownNow();
    server.close();
  }

  @Test
  void whatOneSaysTheOtherHears() throws InterruptedException {
    var room = room();
    var ears = new Ears();
    try (var a = connect(ann, new Ears());
        var b = connect(bob, ears)) {
      b.open(room.roomId(), 0);
      var sent = a.send(room.roomId(), "hello bob").join();

      assertThat(sent.duplicate()).isFalse();
      var heard = ears.message();
      assertThat(heard.content()).isEqualTo("hello bob");
      assertThat(heard.pos()).isEqualTo(sent.pos());
      assertThat(heard.op()).isEqualTo(sent.op());
    }
  }

  @Test
  void aCutConnectionLosesAndRepeatsNothing() throws InterruptedException {
    var room = room();
    var ears = new Ears();
    try (var a = connect(ann, new Ears());
        var b = connect(bob, ears)) {
      b.open(room.roomId(), 0);
      for (int i = 0; i < 200; i++) {
        a.send(room.roomId(), "m" + i).join();
        if (i % 20 == 10) {
          b.cut();
        }
        if (i % 40 == 20) {
          a.cut();
        }
      }

      assertThat(ears.messages(200))
          .isEqualTo(IntStream.range(0, 200).mapToObj(i -> "m" + i).toList());
    }
  }

  @Test
  void sendsThatWaitForTheConnectionKeepTheirOrder() throws InterruptedException {
    var room = room();
    var ears = new Ears();
    try (var a = connect(ann, ears)) {
      a.open(room.roomId(), 0);
      a.cut();
      var sends = IntStream.range(0, 100).mapToObj(i -> a.send(room.roomId(), "m" + i)).toList();
      a.cut();

      long last = 0;
      for (var send : sends) {
        assertThat(send.join().seq()).isGreaterThan(last);
        last = send.join().seq();
      }
      assertThat(ears.messages(100))
          .isEqualTo(IntStream.range(0, 100).mapToObj(i -> "m" + i).toList());
    }
  }

  @Test
  void aProgramThatStartsAgainGoesOnAtItsCursor() throws InterruptedException {
    var room = room();
    var first = new Ears();
    Cursor place;
    try (var a = connect(ann, new Ears())) {
      try (var b = connect(bob, first)) {
        b.open(room.roomId(), 0);
        a.send(room.roomId(), "one").join();
        assertThat(first.message().content()).isEqualTo("one");
        place = first.place();
      }
      a.send(room.roomId(), "two").join();
    }
    var second = new Ears();
    try (var b = connect(bob, second)) {
      b.open(room.roomId(), place);

      assertThat(second.message().content()).isEqualTo("two");
    }
  }

  @Test
  void theSameOpIsPostedOnce() {
    var room = room();
    try (var a = connect(ann, new Ears());
        var again = connect(ann, new Ears())) {
      var draft = new Draft(a.newOp(), room.roomId(), "once", null, List.of());
      var first = a.send(draft).join();
      var second = again.send(draft).join();

      assertThat(second.duplicate()).isTrue();
      assertThat(second.pos()).isEqualTo(first.pos());
      assertThat(second.messageId()).isEqualTo(first.messageId());
    }
  }

  @Test
  void whatWasKeptIsSentByTheNextRun() throws InterruptedException {
    var room = room();
    var store = new MemoryOpStore();
    var draft = new Draft(UUID.randomUUID(), room.roomId(), "kept", null, List.of());
    store.keep(draft);
    var ears = new Ears();
    try (var a = ParleyClient.connect(options(ann).opStore(store), ears)) {
      assertThat(ears.restored.poll(20, TimeUnit.SECONDS))
          .extracting(Sent::op)
          .isEqualTo(draft.op());
      assertThat(store.load()).isEmpty();
      assertThat(a.send(draft).join().duplicate()).isTrue();
    }
  }

  @Test
  void everyCommandHasItsEvent() throws InterruptedException {
    var room = room();
    var ears = new Ears();
    try (var a = connect(ann, new Ears());
        var b = connect(bob, ears)) {
      b.open(room.roomId(), 0);
      long id = a.send(room.roomId(), "typo").join().messageId();
      ears.message();
      a.edit(room.roomId(), id, "text").join();
      a.react(room.roomId(), id, "👍").join();
      a.unreact(room.roomId(), id, "👍").join();
      a.pin(room.roomId(), id).join();
      a.unpin(room.roomId(), id).join();
      b.read(room.roomId(), id).join();
      a.delete(room.roomId(), id).join();
      b.leave(room.roomId()).join();

      assertThat(ears.next(ServerEvent.Edited.class).content()).isEqualTo("text");
      assertThat(ears.next(ServerEvent.Reacted.class).added()).isTrue();
      assertThat(ears.next(ServerEvent.Reacted.class).added()).isFalse();
      assertThat(ears.next(ServerEvent.Pinned.class).added()).isTrue();
      assertThat(ears.next(ServerEvent.Pinned.class).added()).isFalse();
      assertThat(ears.next(ServerEvent.Deleted.class).messageId()).isEqualTo(id);
    }
  }

  @Test
  void whatIsRefusedSaysWhy() {
    try (var a = connect(ann, new Ears())) {
      var nowhere = UUID.randomUUID().toString();
      var failure =
          catchThrowableOfType(CompletionException.class, () -> a.send(nowhere, "anybody?").join());

      assertThat(failure.getCause())
          .isInstanceOfSatisfying(
              CommandRefusedException.class,
              refused -> assertThat(refused.code()).isEqualTo(ErrorCode.NOT_FOUND));
    }
  }

  @Test
  void whatFitsIntoNoFrameIsRefusedAndTheConnectionStays() {
    var room = room();
    try (var a = connect(ann, new Ears())) {
      var huge = a.send(room.roomId(), "\n".repeat(40_000));
      assertThat(catchThrowableOfType(CompletionException.class, huge::join).getCause())
          .isInstanceOfSatisfying(
              CommandRefusedException.class,
              refused -> assertThat(refused.code()).isEqualTo(ErrorCode.TOO_LARGE));
      assertThat(a.send(room.roomId(), "small").join().seq()).isEqualTo(1);
    }
  }

  @Test
  void anInvalidTokenClosesTheClientForGood() throws InterruptedException {
    var ears = new Ears();
    var options = ClientOptions.of(server.http(), Tokens.fixed("nonsense")).http(http);
    try (var a = ParleyClient.connect(options, ears)) {
      var send = a.send(UUID.randomUUID().toString(), "hi");

      assertThat(ears.closed.poll(20, TimeUnit.SECONDS)).hasMessageContaining("4401");
      assertThat(catchThrowableOfType(CompletionException.class, send::join).getCause())
          .isInstanceOf(ClientClosedException.class);
    }
  }

  @Test
  void anExpiredTokenIsRenewedBeforeTheFirstConnection() throws InterruptedException {
    var room = room();
    var login = rest.logIn(ann.username(), PASSWORD, "test");
    var stale = new Tokens("stale", java.time.Instant.EPOCH, login.tokens().refreshToken());
    var ears = new Ears();
    try (var a = ParleyClient.connect(ClientOptions.of(server.http(), stale).http(http), ears)) {
      assertThat(a.send(room.roomId(), "hi").join().seq()).isPositive();
      assertThat(ears.tokens.poll(20, TimeUnit.SECONDS)).isNotNull();
    }
  }

  @Test
  void tooManyUnansweredCommandsAreRefusedAtOnce() {
    var options = ClientOptions.of(URI.create("http://127.0.0.1:1"), Tokens.fixed("t"));
    try (var a = ParleyClient.connect(options.http(http).maxUnanswered(3), new Ears())) {
      IntStream.range(0, 3).forEach(i -> a.send("room", "m" + i));

      assertThat(catchThrowableOfType(CompletionException.class, () -> a.send("room", "m").join()))
          .hasCauseInstanceOf(OutboxFullException.class);
    }
  }

  @Test
  void theHistoryIsThere() {
    var room = room();
    try (var a = connect(ann, new Ears())) {
      IntStream.range(0, 5).forEach(i -> a.send(room.roomId(), "m" + i).join());

      var newest = a.history(room.roomId(), null, 3);
      assertThat(newest.items()).extracting(Message::content).containsExactly("m2", "m3", "m4");
      assertThat(newest.more()).isTrue();
      var before = a.history(room.roomId(), newest.items().getFirst().messageId(), 3);
      assertThat(before.items()).extracting(Message::content).containsExactly("m0", "m1");
      assertThat(before.more()).isFalse();
    }
  }

  private RoomSummary room() {
    var room = rest.createRoom(token(ann), org, "room" + NAMES.incrementAndGet(), "public");
    rest.join(token(bob), room.roomId());
    return room;
  }

  private ParleyClient connect(Login login, Ears ears) {
    return ParleyClient.connect(options(login), ears);
  }

  private ClientOptions options(Login login) {
    return ClientOptions.of(server.http(), Tokens.fixed(token(login))).http(http);
  }

  private static String token(Login login) {
    return login.tokens().accessToken();
  }

  /// Keeps what a listener hears until the test asks for it.
  private static final class Ears implements ClientListener {
    private final BlockingQueue<InRoom> events = new LinkedBlockingQueue<>();
    private final BlockingQueue<Sent> restored = new LinkedBlockingQueue<>();
    private final BlockingQueue<Tokens> tokens = new LinkedBlockingQueue<>();
    private final BlockingQueue<Throwable> closed = new LinkedBlockingQueue<>();
    private volatile @Nullable Cursor place;

    Message message() throws InterruptedException {
      return next(Message.class);
    }

    List<String> messages(int count) throws InterruptedException {
      var contents = new ArrayList<String>();
      while (contents.size() < count) {
        contents.add(message().content());
      }
      assertThat(events).noneMatch(Message.class::isInstance);
      return contents;
    }

    <E extends InRoom> E next(Class<E> type) throws InterruptedException {
      while (true) {
        var event = events.poll(20, TimeUnit.SECONDS);
        assertThat(event).as("an event of " + type).isNotNull();
        if (type.isInstance(event)) {
          return type.cast(event);
        }
      }
    }

    Cursor place() {
      return java.util.Objects.requireNonNull(place);
    }

    @Override
    public void onEvent(InRoom event, @Nullable Cursor newPlace) {
      place = newPlace;
      events.add(event);
    }

    @Override
    public void onRestored(Sent sent) {
      restored.add(sent);
    }

    @Override
    public void onTokens(Tokens newTokens) {
      tokens.add(newTokens);
    }

    @Override
    public void onState(ClientState state) {}

    @Override
    public void onClosed(@Nullable Throwable why) {
      if (why != null) {
        closed.add(why);
      }
    }
  }
}
