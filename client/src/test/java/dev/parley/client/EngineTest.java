package dev.parley.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.client.rest.Tokens;
import dev.parley.protocol.ClientCommand;
import dev.parley.protocol.ClientCommand.Ack;
import dev.parley.protocol.ClientCommand.Auth;
import dev.parley.protocol.ClientCommand.Hello;
import dev.parley.protocol.ClientCommand.Pong;
import dev.parley.protocol.ClientCommand.Pull;
import dev.parley.protocol.ClientCommand.Send;
import dev.parley.protocol.Cursor;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.ServerEvent;
import dev.parley.protocol.ServerEvent.Behind;
import dev.parley.protocol.ServerEvent.Drain;
import dev.parley.protocol.ServerEvent.Failure;
import dev.parley.protocol.ServerEvent.Live;
import dev.parley.protocol.ServerEvent.Ok;
import dev.parley.protocol.ServerEvent.Ping;
import dev.parley.protocol.ServerEvent.ReadMarker;
import dev.parley.protocol.ServerEvent.Reset;
import dev.parley.protocol.ServerEvent.RoomJoined;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EngineTest {
  private static final String ROOM = "room";

  @Test
  void theFirstHelloKnowsNothing() {
    var server = ScriptedServer.started();
    server.opened();

    var hello = server.lastSent(Hello.class);
    assertThat(hello.token()).isEqualTo("t0");
    assertThat(hello.me()).isNull();
    assertThat(hello.mark()).isNull();
    assertThat(hello.rooms()).isEmpty();
  }

  @Test
  void theNextHelloResumesWhereTheLastConnectionEnded() {
    var server = ScriptedServer.live(ROOM, 10);
    server.engine.handle(new Signal.Open(ROOM, null, null));
    server.says(ScriptedServer.events(11, 12));
    server.says(new RoomJoined(5, "other"));

    server.lost(1006);
    server.reconnected();

    var hello = server.lastSent(Hello.class);
    assertThat(hello.rooms()).isEqualTo(Map.of(ROOM, new Cursor("k", 12)));
    assertThat(hello.me()).isEqualTo(new Cursor("m", 5));
    assertThat(hello.mark()).isEqualTo("mark1");
  }

  @Test
  void theReplayAndWhatFollowsAreDeliveredOnce() {
    var server = ScriptedServer.live(ROOM, 10);
    server.engine.handle(new Signal.Open(ROOM, null, null));
    server.says(ScriptedServer.events(11, 12));
    server.lost(1006);
    server.reconnected();

    server.says(ScriptedServer.inbox(ROOM, "k", 14));
    server.says(ScriptedServer.events(12, 14));
    server.says(new Live(0L, Map.of(ROOM, 14L)));
    server.says(ScriptedServer.events(15, 15));

    assertThat(server.delivered).containsExactly(11L, 12L, 13L, 14L, 15L);
    assertThat(server.sent(Pull.class)).isEmpty();
  }

  @Test
  void aRoomOpenedFromTheBeginningIsPulledPageByPage() {
    var server = ScriptedServer.live(ROOM, 700);
    server.engine.handle(new Signal.Open(ROOM, null, 0L));

    var first = server.lastSent(Pull.class);
    assertThat(first.after()).isZero();
    server.says(ScriptedServer.events(1, 500));
    server.says(ScriptedServer.events(701, 701));
    server.says(more(first, true));
    var second = server.lastSent(Pull.class);
    assertThat(second.after()).isEqualTo(500);
    server.says(ScriptedServer.events(501, 700));
    server.says(more(second, false));

    assertThat(server.delivered).isEqualTo(LongStream.rangeClosed(1, 701).boxed().toList());
    assertThat(server.sent(Pull.class)).hasSize(2);
  }

  @Test
  void aRoomOpenedBeforeTheConnectionIsPulledOnceItIsLive() {
    var server = ScriptedServer.started();
    server.engine.handle(new Signal.Open(ROOM, null, 0L));
    server.opened();
    server.welcome();
    server.says(ScriptedServer.inbox(ROOM, "k", 3), new Live(0L, Map.of(ROOM, 3L)));

    assertThat(server.lastSent(Pull.class).after()).isZero();
  }

  @Test
  void anOpenedRoomOfWhichNothingIsSaidIsPulledToBeSure() {
    var server = ScriptedServer.live("other", 1);
    server.engine.handle(new Signal.Open(ROOM, "k", 7L));

    var pull = server.lastSent(Pull.class);
    assertThat(pull.after()).isEqualTo(7);
    server.says(more(pull, false));
    assertThat(server.sent(Pull.class)).hasSize(1);
  }

  @Test
  void aHoleIsPulledAndSpliced() {
    var server = ScriptedServer.live(ROOM, 10);
    server.engine.handle(new Signal.Open(ROOM, null, null));
    server.says(ScriptedServer.events(13, 14));

    assertThat(server.delivered).isEmpty();
    var pull = server.lastSent(Pull.class);
    assertThat(pull.after()).isEqualTo(10);
    server.says(ScriptedServer.events(11, 13));
    server.says(more(pull, false));

    assertThat(server.delivered).containsExactly(11L, 12L, 13L, 14L);
    assertThat(server.sent(Pull.class)).hasSize(1);
  }

  @Test
  void beingBehindIsPulledUpToTheHead() {
    var server = ScriptedServer.live(ROOM, 10);
    server.says(new Behind(ROOM, 900, 900));

    var first = server.lastSent(Pull.class);
    server.says(ScriptedServer.events(11, 510));
    server.says(more(first, true));
    var second = server.lastSent(Pull.class);
    server.says(ScriptedServer.events(511, 900));
    server.says(more(second, false));

    assertThat(server.delivered).hasSize(890);
    assertThat(server.sent(Pull.class)).hasSize(2);
  }

  @Test
  void aPullThatIsRefusedForNowIsRepeated() {
    var server = ScriptedServer.live(ROOM, 10);
    server.says(ScriptedServer.events(12, 12));
    var pull = server.lastSent(Pull.class);

    server.says(new Failure(pull.id(), ErrorCode.UNAVAILABLE, "", 2_000L));
    assertThat(server.sent(Pull.class)).hasSize(1);
    server.pass(Duration.ofSeconds(2));

    assertThat(server.sent(Pull.class)).hasSize(2);
  }

  @Test
  void aPullThatIsRefusedForGoodIsTheLossOfTheRoom() {
    var server = ScriptedServer.live(ROOM, 10);
    server.says(ScriptedServer.events(12, 12));
    var pull = server.lastSent(Pull.class);

    server.says(new Failure(pull.id(), ErrorCode.NOT_FOUND, "", null));

    assertThat(server.told).containsExactly(new Reset(ROOM, "", "access"));
  }

  @Test
  void aResetDropsTheCursorAndTellsTheListener() {
    var server = ScriptedServer.live(ROOM, 10);
    server.engine.handle(new Signal.Open(ROOM, null, null));
    server.says(new Reset(ROOM, "k4", "restore"));
    server.lost(1006);
    server.reconnected();

    assertThat(server.told).containsExactly(new Reset(ROOM, "k4", "restore"));
    assertThat(server.lastSent(Hello.class).rooms()).isEmpty();
  }

  @Test
  void anotherEpochInTheInboxIsAReset() {
    var server = ScriptedServer.live(ROOM, 10);
    server.engine.handle(new Signal.Open(ROOM, null, null));
    server.lost(1006);
    server.reconnected();
    server.says(ScriptedServer.inbox(ROOM, "k4", 3));

    assertThat(server.told).containsExactly(new Reset(ROOM, "k4", "restore"));
  }

  @Test
  void unansweredSendsGoOutAgainInTheirOrder() {
    var server = ScriptedServer.live(ROOM, 10);
    var answers = new Answers();
    var ops = List.of(send(server, answers), send(server, answers), send(server, answers));
    server.says(ok(server.sent(Send.class).get(1).id(), 12));

    server.lost(1006);
    ops = List.of(ops.get(0), ops.get(2), send(server, answers));
    server.sent.clear();
    server.reconnected();

    assertThat(server.sent(Send.class)).extracting(Send::op).isEqualTo(ops);
    assertThat(answers.oks).hasSize(1);
  }

  @Test
  void aSendBeforeTheWelcomeWaits() {
    var server = ScriptedServer.started();
    var answers = new Answers();
    send(server, answers);
    server.opened();
    send(server, answers);
    assertThat(server.sent(Send.class)).isEmpty();

    server.welcome();
    assertThat(server.sent(Send.class)).hasSize(2);
  }

  @Test
  void anErrorSettlesASend() {
    var server = ScriptedServer.live(ROOM, 10);
    var answers = new Answers();
    send(server, answers);

    server.says(new Failure(server.lastSent(Send.class).id(), ErrorCode.BUSY, "", 10L));
    server.lost(1006);
    server.reconnected();

    assertThat(answers.refused).hasSize(1);
    assertThat(server.sent(Send.class)).hasSize(1);
  }

  @Test
  void aPassingErrorDoesNotSettleWhatMayHaveBeenDoneBefore() {
    var server = ScriptedServer.live(ROOM, 10);
    var answers = new Answers();
    var op = send(server, answers);
    server.lost(1006);
    server.reconnected();

    server.says(new Failure(server.lastSent(Send.class).id(), ErrorCode.UNAVAILABLE, "", 700L));
    assertThat(answers.refused).isEmpty();
    server.sent.clear();
    server.pass(Duration.ofMillis(700));
    assertThat(server.sent(Send.class)).extracting(Send::op).containsExactly(op);

    server.says(ok(server.lastSent(Send.class).id(), 11));
    assertThat(answers.oks).hasSize(1);
  }

  @Test
  void aLastingErrorSettlesEvenWhatMayHaveBeenDoneBefore() {
    var server = ScriptedServer.live(ROOM, 10);
    var answers = new Answers();
    send(server, answers);
    server.lost(1006);
    server.reconnected();

    server.says(new Failure(server.lastSent(Send.class).id(), ErrorCode.FORBIDDEN, "", null));

    assertThat(answers.refused).hasSize(1);
  }

  @Test
  void anAnswerThatNeverComesCostsTheConnection() {
    var server = ScriptedServer.live(ROOM, 10);
    send(server, new Answers());

    for (int i = 0; i < 13; i++) {
      server.pass(Duration.ofSeconds(5));
      server.says(new Ping());
    }

    assertThat(server.cuts).isEqualTo(1);
  }

  @Test
  void aPingIsAnsweredWithWhatWasDelivered() {
    var server = ScriptedServer.live(ROOM, 10);
    server.says(ScriptedServer.events(11, 13));
    server.says(new Ping());
    server.says(new Ping());

    assertThat(server.sent(Pong.class))
        .containsExactly(new Pong(0, new Ack(0, null, Map.of(ROOM, 13L))), new Pong(0, null));
  }

  @Test
  void acksAreCoalescedToOneASecond() {
    var server = ScriptedServer.live(ROOM, 10);
    server.says(ScriptedServer.events(11, 13));
    server.pass(Duration.ofMillis(600));
    server.says(ScriptedServer.events(14, 14));
    assertThat(server.sent(Ack.class)).isEmpty();
    server.pass(Duration.ofMillis(400));
    server.pass(Duration.ofSeconds(5));

    assertThat(server.sent(Ack.class)).containsExactly(new Ack(0, null, Map.of(ROOM, 14L)));
  }

  @Test
  void aQuietConnectionIsTried() {
    var server = ScriptedServer.live(ROOM, 10);
    server.pass(Duration.ofSeconds(4));
    server.says(new ServerEvent.Ping());
    server.pass(Duration.ofSeconds(4));
    assertThat(server.probes).isZero();
    server.pass(Duration.ofSeconds(1));
    server.pass(Duration.ofSeconds(5));
    assertThat(server.probes).isEqualTo(2);

    server.engine.handle(new Signal.Lost(server.engine.wire(), 1006, "gone", null));
    server.pass(Duration.ofSeconds(1));
    assertThat(server.connects).isEqualTo(2);
    server.pass(Duration.ofSeconds(5));
    assertThat(server.probes).isEqualTo(2);
  }

  @Test
  void silenceCostsTheConnection() {
    var server = ScriptedServer.live(ROOM, 10);
    server.pass(Duration.ofSeconds(59));
    assertThat(server.cuts).isZero();
    server.pass(Duration.ofSeconds(2));
    assertThat(server.cuts).isEqualTo(1);
    server.pass(Duration.ofSeconds(1));
    assertThat(server.connects).isEqualTo(2);
  }

  @Test
  void aDrainIsFollowedWithinItsSpan() {
    var server = ScriptedServer.live(ROOM, 10);
    server.says(new Drain(20_000));
    assertThat(server.connects).isEqualTo(1);

    server.pass(Duration.ofSeconds(20));

    assertThat(server.closes).isEqualTo(1);
    assertThat(server.connects).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(ints = {1002, 1007, 1008, 1009, 4400, 4403, 4408, 4409, 4477})
  void someCodesMeanNever(int code) {
    var server = ScriptedServer.live(ROOM, 10);
    var answers = new Answers();
    send(server, answers);
    server.lost(code);
    server.pass(Duration.ofMinutes(5));

    assertThat(server.connects).isEqualTo(1);
    assertThat(server.engine.state()).isEqualTo(ClientState.CLOSED);
    assertThat(server.closedBecause).hasMessageContaining(String.valueOf(code));
    assertThat(answers.abandoned).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {1001, 1006, 1011, 1012, 1013, 4529, 4599, 4600, 4601, 4699, 3000})
  void otherCodesMeanAgain(int code) {
    var server = ScriptedServer.live(ROOM, 10);
    server.lost(code);
    server.pass(Duration.ofSeconds(1));

    assertThat(server.connects).isEqualTo(2);
  }

  @Test
  void whatAnOldConnectionStillSaysIsVoid() {
    var server = ScriptedServer.live(ROOM, 10);
    long old = server.engine.wire();
    server.lost(1006);
    server.engine.handle(new Signal.Received(old, "{\"type\":\"ping\"}"));
    server.engine.handle(new Signal.Lost(old, 4403, "", null));

    assertThat(server.sent(Pong.class)).isEmpty();
    assertThat(server.engine.state()).isEqualTo(ClientState.WAITING);
  }

  @Test
  void aFactOfMineIsToldOnce() {
    var server = ScriptedServer.live(ROOM, 10);
    var marker = new ReadMarker(4, ROOM, 9, 9);
    server.says(marker, marker, new ReadMarker(3, ROOM, 8, 8));

    assertThat(server.told).containsExactly(marker);
  }

  @Test
  void tokensAreRenewedOnTheLiveSocketBeforeTheyEnd() {
    var server = new ScriptedServer(tokens("t0", "r0", "2026-03-01T10:15:00Z"));
    server.engine.start();
    server.opened();
    server.welcome();
    server.says(new Live(0L, Map.of()));
    for (int i = 0; i < 14 * 2; i++) {
      assertThat(server.refreshes).isEmpty();
      server.pass(Duration.ofSeconds(30));
      server.says(new Ping());
    }
    assertThat(server.refreshes).containsExactly("r0");
    server.engine.handle(new Signal.Refreshed(tokens("t1", "r1", "2026-03-01T10:30:00Z")));

    assertThat(server.lastSent(Auth.class).token()).isEqualTo("t1");
    assertThat(server.connects).isEqualTo(1);
  }

  @Test
  void aRefusedTokenIsRenewedOnce() {
    var server = new ScriptedServer(tokens("t0", "r0", "2026-03-01T10:15:00Z"));
    server.engine.start();
    server.opened();
    server.lost(4401);
    server.pass(Duration.ofSeconds(1));
    assertThat(server.refreshes).containsExactly("r0");
    assertThat(server.engine.state()).isEqualTo(ClientState.REFRESHING);

    server.engine.handle(new Signal.Refreshed(tokens("t1", "r1", "2026-03-01T10:30:00Z")));
    server.opened();
    assertThat(server.lastSent(Hello.class).token()).isEqualTo("t1");
    server.lost(4401);

    assertThat(server.engine.state()).isEqualTo(ClientState.CLOSED);
  }

  @Test
  void aHelloThatIsRefusedForItsTokenLeadsToANewOne() {
    var server = new ScriptedServer(tokens("t0", "r0", "2026-03-01T10:15:00Z"));
    server.engine.start();
    server.opened();
    server.says(new Failure(server.lastSent(Hello.class).id(), ErrorCode.EXPIRED, "", null));
    server.pass(Duration.ofSeconds(1));

    assertThat(server.refreshes).containsExactly("r0");
  }

  @Test
  void aRefreshThatFailsForNowIsRepeatedAndOneThatFailsForGoodIsTheEnd() {
    var server = new ScriptedServer(tokens("t0", "r0", "2026-03-01T09:00:00Z"));
    server.engine.start();
    assertThat(server.connects).isZero();
    server.engine.handle(new Signal.NotRefreshed(new IllegalStateException("away"), false));
    server.pass(Duration.ofSeconds(1));
    assertThat(server.refreshes).containsExactly("r0", "r0");

    server.engine.handle(new Signal.NotRefreshed(new IllegalStateException("no"), true));
    assertThat(server.engine.state()).isEqualTo(ClientState.CLOSED);
    assertThat(server.closedBecause).hasMessage("no");
  }

  private static Tokens tokens(String access, String refresh, String end) {
    return new Tokens(access, Instant.parse(end), refresh);
  }

  private static UUID send(ScriptedServer server, Outbox.Answer answer) {
    var op = UUID.randomUUID();
    server.engine.handle(
        new Signal.Submit(id -> new Send(id, ROOM, op, "hi", null, List.of()), answer));
    return op;
  }

  private static ServerEvent ok(long id, long pos) {
    return new Ok(id, ROOM, pos, pos, pos, Instant.EPOCH, null, false, false);
  }

  private static ServerEvent more(ClientCommand pull, boolean more) {
    return new Ok(pull.id(), null, null, null, null, null, null, false, more);
  }

  /// Counts how commands were answered.
  private static final class Answers implements Outbox.Answer {
    private final List<Ok> oks = new ArrayList<>();
    private final List<Failure> refused = new ArrayList<>();
    private int abandoned;

    @Override
    public void ok(Ok ok) {
      oks.add(ok);
    }

    @Override
    public void refused(Failure failure) {
      refused.add(failure);
    }

    @Override
    public void abandoned(ClientClosedException why) {
      abandoned++;
    }
  }
}
