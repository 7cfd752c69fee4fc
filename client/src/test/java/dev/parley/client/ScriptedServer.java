package dev.parley.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.parley.client.rest.Tokens;
import dev.parley.protocol.ClientCommand;
import dev.parley.protocol.Cursor;
import dev.parley.protocol.EventCodec;
import dev.parley.protocol.ServerEvent;
import dev.parley.protocol.ServerEvent.InRoom;
import dev.parley.protocol.ServerEvent.Inbox;
import dev.parley.protocol.ServerEvent.InboxRoom;
import dev.parley.protocol.ServerEvent.Live;
import dev.parley.protocol.ServerEvent.Welcome;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Both ends of an [Engine] in a test: what it did, and by hand what happens to it. Time moves only
/// when the test says so.
final class ScriptedServer implements Effects, ClientListener {
  final List<ClientCommand> sent = new ArrayList<>();
  final List<Long> delivered = new ArrayList<>();
  final List<String> refreshes = new ArrayList<>();
  final List<ServerEvent> told = new ArrayList<>();
  int connects;
  int cuts;
  int probes;
  int closes;
  @Nullable Throwable closedBecause;

  private long nanos;
  private Instant wall = Instant.parse("2026-03-01T10:00:00Z");
  final Engine engine;

  ScriptedServer(Tokens tokens) {
    var options =
        ClientOptions.of(URI.create("http://127.0.0.1:1"), tokens)
            .random(new Random(1))
            .time(new Time(() -> wall, () -> nanos));
    engine = new Engine(options, this, this);
  }

  static ScriptedServer started() {
    var server = new ScriptedServer(Tokens.fixed("t0"));
    server.engine.start();
    return server;
  }

  /// Started, connected and live, with one room at a position.
  static ScriptedServer live(String room, long pos) {
    var server = started();
    server.opened();
    server.welcome();
    server.says(inbox(room, "k", pos), new Live(0L, Map.of(room, pos)));
    return server;
  }

  void opened() {
    engine.handle(new Signal.Opened(engine.wire()));
  }

  void welcome() {
    says(new Welcome(1, "s", "u", 25_000, null, Map.of(), 300, 20_000, new Cursor("m", 0)));
  }

  /// All in one frame.
  void says(ServerEvent... events) {
    var text =
        Stream.of(events)
            .map(event -> new String(EventCodec.encode(event), UTF_8))
            .collect(Collectors.joining("\n"));
    engine.handle(new Signal.Received(engine.wire(), text));
  }

  void lost(int code) {
    engine.handle(new Signal.Lost(engine.wire(), code, "", null));
  }

  void pass(Duration time) {
    nanos += time.toNanos();
    wall = wall.plus(time);
    engine.tick();
  }

  /// Waits for the next attempt and is reached by it.
  void reconnected() {
    pass(Duration.ofSeconds(21));
    opened();
    welcome();
  }

  <C extends ClientCommand> List<C> sent(Class<C> type) {
    return sent.stream().filter(type::isInstance).map(type::cast).toList();
  }

  <C extends ClientCommand> C lastSent(Class<C> type) {
    return sent(type).getLast();
  }

  static Inbox inbox(String room, String epoch, long pos) {
    return new Inbox(
        List.of(new InboxRoom(room, "o", "public", "general", epoch, pos, pos, 0, 0, 0)),
        "mark1",
        false);
  }

  static ServerEvent[] events(long from, long to) {
    var events = new LinkedHashMap<Long, ServerEvent>();
    for (long pos = from; pos <= to; pos++) {
      events.put(pos, RoomCursorTest.event(pos));
    }
    return events.values().toArray(ServerEvent[]::new);
  }

  @Override
  public void connect(long wire) {
    connects++;
  }

  @Override
  public void send(ClientCommand command) {
    sent.add(command);
  }

  @Override
  public void probe() {
    probes++;
  }

  @Override
  public void cut() {
    cuts++;
  }

  @Override
  public void close() {
    closes++;
  }

  @Override
  public void refresh(String refreshToken) {
    refreshes.add(refreshToken);
  }

  @Override
  public void onEvent(InRoom event, @Nullable Cursor place) {
    delivered.add(event.pos());
  }

  @Override
  public void onReset(ServerEvent.Reset reset) {
    told.add(reset);
  }

  @Override
  public void onMine(ServerEvent.Mine event) {
    told.add(event);
  }

  @Override
  public void onClosed(@Nullable Throwable why) {
    closedBecause = why;
  }
}
