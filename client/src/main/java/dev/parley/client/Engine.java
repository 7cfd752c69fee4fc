package dev.parley.client;

import dev.parley.client.Timers.Timer;
import dev.parley.protocol.ClientCommand;
import dev.parley.protocol.ClientCommand.Ack;
import dev.parley.protocol.ClientCommand.Auth;
import dev.parley.protocol.ClientCommand.Hello;
import dev.parley.protocol.ClientCommand.Pong;
import dev.parley.protocol.ClientCommand.Pull;
import dev.parley.protocol.CloseCode;
import dev.parley.protocol.Cursor;
import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.EventCodec;
import dev.parley.protocol.MalformedFrameException;
import dev.parley.protocol.ServerEvent;
import dev.parley.protocol.ServerEvent.Failure;
import dev.parley.protocol.ServerEvent.InRoom;
import dev.parley.protocol.ServerEvent.Inbox;
import dev.parley.protocol.ServerEvent.Live;
import dev.parley.protocol.ServerEvent.Mine;
import dev.parley.protocol.ServerEvent.Ok;
import dev.parley.protocol.ServerEvent.Reset;
import dev.parley.protocol.ServerEvent.RoomLeft;
import dev.parley.protocol.ServerEvent.Welcome;
import java.time.Duration;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/// The client as a state machine: signals and passing time in, effects and calls of the listener
/// out. It touches neither threads nor sockets. Client thread only.
final class Engine {
  private static final Duration FIRST_RETRY = Duration.ofMillis(300);
  private static final Duration GREETING = Duration.ofSeconds(20);
  private static final Duration PROBE_AFTER = Duration.ofSeconds(5);
  private static final Duration ACK_EVERY = Duration.ofSeconds(1);
  private static final Duration PULL_AGAIN = Duration.ofMillis(500);
  private static final Duration SEND_AGAIN = Duration.ofMillis(500);
  private static final Duration REFRESH_AGAIN = Duration.ofSeconds(5);
  private static final Duration SILENCE_SLACK = Duration.ofSeconds(10);

  /// Events in one page of a pull.
  private static final int PAGE = 500;

  /// Pulls under way at once. Beyond it, rooms wait for their turn.
  private static final int PULLS = 16;

  private final String name;
  private final ConnectionTap tap;
  private final ClientListener listener;
  private final Effects effects;
  private final Duration answerTimeout;
  private final Timers timers;
  private final BackOff backOff;
  private final Credentials credentials;
  private final Outbox outbox = new Outbox();
  private final Rooms rooms = new Rooms();

  private ClientState state = ClientState.WAITING;
  private long wire;
  private long helloId;
  private Duration silence = GREETING;
  private int pulls;
  private @Nullable Cursor me;
  private @Nullable String mark;
  private long unacknowledgedMe;
  private @Nullable Long watchedAnswer;

  Engine(ClientOptions options, ClientListener listener, Effects effects) {
    this.name = options.name;
    this.tap = options.tap;
    this.listener = listener;
    this.effects = effects;
    this.answerTimeout = options.answerTimeout;
    this.timers = new Timers(options.time.nanos());
    this.backOff = new BackOff(options.random, FIRST_RETRY, options.longestRetry);
    this.credentials = new Credentials(options.time.wall(), options.tokens);
  }

  ClientState state() {
    return state;
  }

  /// The number of the present connection, or of the last one.
  long wire() {
    return wire;
  }

  /// How long the engine may be left alone.
  Duration untilNextTick() {
    return timers.untilNext();
  }

  void start() {
    planRefresh();
    connect();
  }

  void handle(Signal signal) {
    switch (signal) {
      case Signal.Opened opened when opened.wire() == wire -> opened();
      case Signal.Received received when received.wire() == wire -> received(received.text());
      case Signal.Lost lost when lost.wire() == wire ->
          lost(lost.closeCode(), lost.reason(), lost.retryAfter());
      case Signal.Opened _, Signal.Received _, Signal.Lost _ -> {}
      case Signal.Refreshed refreshed -> refreshed(refreshed);
      case Signal.NotRefreshed failure -> notRefreshed(failure);
      case Signal.Submit submit -> submit(submit);
      case Signal.Hint hint -> hint(hint.command());
      case Signal.Open open -> open(open);
      case Signal.Shut shut -> rooms.forget(shut.roomId());
      case Signal.Cut() -> cut("cut by the program");
      case Signal.Stop() -> stop(null);
    }
  }

  /// Does what has become due.
  void tick() {
    timers.due().forEach(this::ring);
  }

  /// The client cannot go on.
  void stop(@Nullable Throwable why) {
    if (state == ClientState.CLOSED) {
      return;
    }
    become(ClientState.CLOSED);
    effects.close();
    var reason = why == null ? "the client was closed" : String.valueOf(why.getMessage());
    outbox.abandon(new ClientClosedException(reason, why));
    listener.onClosed(why);
  }

  private void ring(Timer timer) {
    if (state == ClientState.CLOSED) {
      return;
    }
    switch (timer) {
      case RECONNECT -> connect();
      case GREETING -> cut("the server did not welcome us in time");
      case PROBE -> probe();
      case SILENCE -> giveUpOn("the server fell silent");
      case ANSWER -> watchAnswers();
      case ACK -> acknowledge();
      case REFRESH -> refresh();
      case DRAIN -> leaveDrainingNode();
      case PULL -> pullHoles();
      case RESEND -> outbox.eachUnsent(this::send);
    }
  }

  // Connecting

  private void connect() {
    if (credentials.isStale()) {
      become(ClientState.REFRESHING);
      refresh();
      return;
    }
    wire++;
    become(ClientState.CONNECTING);
    effects.connect(wire);
  }

  private void opened() {
    become(ClientState.GREETING);
    timers.set(Timer.GREETING, GREETING);
    helloId = outbox.nextId();
    send(new Hello(helloId, credentials.accessToken(), null, name, me, mark, rooms.resumable()));
  }

  /// Of a server that was killed nobody tells at times, and its heartbeat takes long to miss.
  private void probe() {
    effects.probe();
    timers.set(Timer.PROBE, PROBE_AFTER);
  }

  private void giveUpOn(String reason) {
    tap.gaveUp(wire, reason);
    cut(reason);
  }

  private void cut(String reason) {
    if (isConnected() || state == ClientState.CONNECTING) {
      effects.cut();
      lost(CloseCode.NO_PONG.number(), reason, null);
    }
  }

  private void lost(int closeCode, String reason, @Nullable Duration retryAfter) {
    disconnected();
    if (closeCode == CloseCode.AUTH.number()) {
      if (!credentials.refused()) {
        giveUp(closeCode, reason);
        return;
      }
      retry(backOff.afterOrderlyEnd(), retryAfter);
      return;
    }
    switch (CloseCode.retryAfter(closeCode)) {
      case NEVER -> giveUp(closeCode, reason);
      case NOW -> retry(backOff.afterOrderlyEnd(), retryAfter);
      case BACK_OFF -> retry(backOff.afterFailure(), retryAfter);
    }
  }

  private void giveUp(int closeCode, String reason) {
    stop(new ClientClosedException("closed with " + closeCode + ": " + reason, null));
  }

  private void disconnected() {
    wire++; // Whatever the old wire still says is void.
    rooms.disconnected();
    outbox.disconnected();
    pulls = 0;
    watchedAnswer = null;
    for (var timer : Timer.values()) {
      if (timer != Timer.REFRESH) {
        timers.clear(timer);
      }
    }
  }

  private void retry(Duration wait, @Nullable Duration atLeast) {
    var chosen = atLeast == null || wait.compareTo(atLeast) > 0 ? wait : atLeast.plus(wait);
    timers.set(Timer.RECONNECT, chosen);
    become(ClientState.WAITING);
  }

  private void leaveDrainingNode() {
    effects.close();
    disconnected();
    connect();
  }

  // Tokens

  private void refresh() {
    credentials.startRefresh().ifPresent(effects::refresh);
  }

  private void refreshed(Signal.Refreshed refreshed) {
    credentials.refreshed(refreshed.tokens());
    planRefresh();
    listener.onTokens(refreshed.tokens());
    if (state == ClientState.REFRESHING) {
      connect();
    } else if (isWelcome()) {
      ask(id -> new Auth(id, credentials.accessToken()), new AuthAnswer());
    }
  }

  private void notRefreshed(Signal.NotRefreshed failure) {
    credentials.notRefreshed();
    if (state != ClientState.REFRESHING) {
      timers.set(Timer.REFRESH, REFRESH_AGAIN);
    } else if (failure.isFinal()) {
      stop(failure.cause());
    } else {
      retry(backOff.afterFailure(), null);
    }
  }

  private void planRefresh() {
    credentials.nextRefresh().ifPresent(wait -> timers.set(Timer.REFRESH, wait));
  }

  // What arrives

  private void received(String text) {
    timers.set(Timer.SILENCE, silence);
    timers.set(Timer.PROBE, PROBE_AFTER);
    long from = wire;
    for (var line : text.split("\n", -1)) {
      if (!line.isBlank() && from == wire) {
        decode(line);
      }
    }
  }

  private void decode(String line) {
    try {
      EventCodec.decode(line).ifPresent(this::arrived);
    } catch (MalformedFrameException e) {
      stop(new ClientClosedException("the server does not speak parley.v1: " + e.reason(), e));
    }
  }

  private void arrived(ServerEvent event) {
    tap.received(wire, event);
    switch (event) {
      case InRoom inRoom -> inRoom(inRoom);
      case Mine mine -> mine(mine);
      case ServerEvent.Typing typing -> listener.onTyping(typing);
      case ServerEvent.Read read -> listener.onRead(read);
      case ServerEvent.Presence presence -> listener.onPresence(presence);
      case Welcome welcome -> welcome(welcome);
      case Inbox inbox -> inbox(inbox);
      case Live live -> live(live);
      case Ok ok -> outbox.ok(ok);
      case ServerEvent.Behind behind -> {
        rooms.reach(behind.roomId(), behind.pos());
        pullHole(behind.roomId());
      }
      case Reset reset -> reset(reset);
      case ServerEvent.Ping() -> pong();
      case ServerEvent.Expiring _ -> refresh();
      case ServerEvent.Drain drain ->
          timers.setUnlessSet(Timer.DRAIN, backOff.anywhereWithin(drain.withinMs()));
      case Failure failure -> failure(failure);
    }
  }

  private void welcome(Welcome welcome) {
    timers.clear(Timer.GREETING);
    backOff.bounds(welcome.retryMinMs(), welcome.retryMaxMs());
    silence = Duration.ofMillis(welcome.heartbeatMs() * 2).plus(SILENCE_SLACK);
    timers.set(Timer.SILENCE, silence);
    credentials.accepted();
    if (me == null || !me.epoch().equals(welcome.me().epoch())) {
      me = welcome.me();
    }
    become(ClientState.CATCHING_UP);
    outbox.eachUnsent(this::send);
    timers.set(Timer.ANSWER, answerTimeout);
  }

  private void inbox(Inbox inbox) {
    if (!inbox.mark().isEmpty()) {
      mark = inbox.mark();
    }
    for (var room : rooms.learn(inbox)) {
      reset(new Reset(room.roomId(), room.epoch(), "restore"));
    }
    if (state == ClientState.LIVE) {
      inbox.rooms().forEach(room -> rooms.reach(room.roomId(), room.pos()));
      pullHoles();
    }
    listener.onInbox(inbox);
  }

  private void live(Live live) {
    if (live.me() != null) {
      reachedMe(live.me());
    }
    rooms.reach(live.rooms());
    backOff.reset();
    become(ClientState.LIVE);
    pullHoles();
  }

  private void inRoom(InRoom event) {
    for (var due : rooms.accept(event)) {
      listener.onEvent(due, rooms.place(due));
      timers.setUnlessSet(Timer.ACK, ACK_EVERY);
    }
    pullHole(event.roomId());
  }

  private void mine(Mine event) {
    if (me != null && event.me() <= me.pos()) {
      return;
    }
    reachedMe(event.me());
    listener.onMine(event);
    if (event instanceof RoomLeft left) {
      rooms.forget(left.roomId());
    }
  }

  private void reachedMe(long pos) {
    if (me != null && pos > me.pos()) {
      me = new Cursor(me.epoch(), pos);
      unacknowledgedMe = pos;
      timers.setUnlessSet(Timer.ACK, ACK_EVERY);
    }
  }

  private void reset(Reset reset) {
    rooms.forget(reset.roomId());
    listener.onReset(reset);
  }

  private void failure(Failure failure) {
    if (failure.id() == 0) {
      listener.onError(failure);
    } else if (failure.id() == helloId) {
      notWelcome(failure);
    } else if (outbox.refused(failure)) {
      var wait = retryAfter(failure);
      timers.setUnlessSet(Timer.RESEND, wait == null ? SEND_AGAIN : wait);
    }
  }

  private void notWelcome(Failure failure) {
    effects.close();
    boolean isToken =
        failure.code() == ErrorCode.UNAUTHORIZED || failure.code() == ErrorCode.EXPIRED;
    if (isToken) {
      lost(CloseCode.AUTH.number(), failure.message(), null);
    } else if (failure.code().temporary()) {
      lost(CloseCode.TRY_LATER.number(), failure.message(), retryAfter(failure));
    } else {
      lost(CloseCode.FORBIDDEN.number(), failure.message(), null);
    }
  }

  private static @Nullable Duration retryAfter(Failure failure) {
    return failure.retryAfterMs() == null ? null : Duration.ofMillis(failure.retryAfterMs());
  }

  // What goes out

  private void submit(Signal.Submit submit) {
    if (state == ClientState.CLOSED) {
      submit.answer().abandoned(new ClientClosedException("the client is closed", null));
      return;
    }
    var command = outbox.add(submit.command(), submit.answer(), true);
    if (isWelcome()) {
      send(command);
    }
  }

  /// Asks something that concerns this connection only.
  private void ask(LongFunction<ClientCommand> command, Outbox.Answer answer) {
    send(outbox.add(command, answer, false));
  }

  private void hint(ClientCommand command) {
    if (state == ClientState.LIVE) {
      send(command);
    }
  }

  private void open(Signal.Open open) {
    if (rooms.open(open.roomId(), open.epoch(), open.after())) {
      reset(new Reset(open.roomId(), "", "restore"));
    } else if (state == ClientState.LIVE) {
      pullHoles();
    }
  }

  private void send(ClientCommand command) {
    tap.sending(wire, command);
    outbox.sent(command.id());
    effects.send(command);
  }

  private void pong() {
    timers.clear(Timer.ACK);
    send(new Pong(0, takeAck()));
  }

  private void acknowledge() {
    var ack = takeAck();
    if (ack != null && isWelcome()) {
      send(ack);
    }
  }

  private @Nullable Ack takeAck() {
    var delivered = rooms.takeUnacknowledged();
    long mine = unacknowledgedMe;
    unacknowledgedMe = 0;
    return delivered.isEmpty() && mine == 0 ? null : new Ack(0, mine == 0 ? null : mine, delivered);
  }

  private void watchAnswers() {
    var oldest = outbox.oldest();
    if (oldest != null && oldest.equals(watchedAnswer)) {
      giveUpOn("the server owes an answer");
      return;
    }
    watchedAnswer = oldest;
    timers.set(Timer.ANSWER, answerTimeout);
  }

  // Holes

  private void pullHoles() {
    if (isWelcome()) {
      rooms.holes(PULLS - pulls).forEach(this::pull);
    }
    if (state == ClientState.LIVE) {
      rooms.blind(PULLS - pulls).forEach(this::pull);
    }
  }

  private void pullHole(String roomId) {
    if (isWelcome() && pulls < PULLS) {
      rooms.hole(roomId).ifPresent(after -> pull(roomId, after));
    }
  }

  private void pull(String roomId, long after) {
    pulls++;
    ask(id -> new Pull(id, roomId, after, PAGE), new PullAnswer(roomId));
  }

  private boolean isConnected() {
    return state == ClientState.GREETING || isWelcome();
  }

  private boolean isWelcome() {
    return state == ClientState.CATCHING_UP || state == ClientState.LIVE;
  }

  private void become(ClientState next) {
    if (state != next) {
      state = next;
      listener.onState(next);
    }
  }

  /// What a pull leads to. The events themselves came before the answer.
  private final class PullAnswer implements Outbox.Answer {
    private final String roomId;

    PullAnswer(String roomId) {
      this.roomId = roomId;
    }

    @Override
    public void ok(Ok ok) {
      pulls--;
      var room = rooms.find(roomId);
      if (room.isPresent()) {
        if (ok.more()) {
          room.get().reachesTo(room.get().pos() + 1);
        }
        if (!room.get().pulled()) {
          cut("pulls lead nowhere");
          return;
        }
      }
      pullHoles();
    }

    @Override
    public void refused(Failure failure) {
      pulls--;
      rooms.find(roomId).ifPresent(RoomCursor::pulled);
      if (failure.code().temporary()) {
        var wait = retryAfter(failure);
        timers.setUnlessSet(Timer.PULL, wait == null ? PULL_AGAIN : wait);
      } else {
        reset(new Reset(roomId, "", "access"));
        pullHoles();
      }
    }

    @Override
    public void abandoned(ClientClosedException why) {}
  }

  /// What comes of a new token on a live socket.
  private final class AuthAnswer implements Outbox.Answer {
    @Override
    public void ok(Ok ok) {
      credentials.accepted();
    }

    @Override
    public void refused(Failure failure) {
      if (failure.code().temporary()) {
        timers.set(Timer.REFRESH, REFRESH_AGAIN);
      }
    }

    @Override
    public void abandoned(ClientClosedException why) {}
  }
}
