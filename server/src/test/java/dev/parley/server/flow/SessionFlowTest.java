package dev.parley.server.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.server.testing.NativeSocket;
import dev.parley.server.testing.Outage;
import dev.parley.server.testing.Person;
import dev.parley.server.testing.PostgresExtension;
import dev.parley.server.testing.TestDatabase;
import dev.parley.server.testing.TestServer;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/// What a native session does at its edges: without a membership, with very many rooms, while the
/// database is away.
@ExtendWith(PostgresExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class SessionFlowTest {
  private static final AtomicInteger NAMES = new AtomicInteger();

  private TestDatabase database;
  private TestServer server;
  private Person ann;

  @BeforeAll
  void start(TestDatabase test) {
    database = test;
    server = TestServer.start(test, Map.of("AUTH_TIMEOUT", "3s", "PING_INTERVAL", "20s"));
    ann = person("ann");
  }

  @AfterAll
  void stop() {
    server.close();
  }

  @Test
  void whoOnlyLooksHearsNothingAfterLeavingTheOrganization() {
    lookerLoses((org, bob) -> ann.delete(orgMember(org, bob)).require(204));
  }

  @Test
  void whoOnlyLooksHearsNothingAfterABan() {
    lookerLoses(
        (org, bob, room) ->
            ann.post("/api/v1/rooms/" + room + "/bans/" + bob.id(), Map.of()).require(204));
  }

  @Test
  void whoOnlyLooksHearsNothingAfterBecomingAGuest() {
    lookerLoses((org, bob) -> ann.patch(orgMember(org, bob), Map.of("role", "guest")).require(204));
  }

  @FunctionalInterface
  private interface TakesAway {
    void from(String org, Person bob);
  }

  @FunctionalInterface
  private interface TakesAwayInRoom {
    void from(String org, Person bob, String room);
  }

  private void lookerLoses(TakesAway act) {
    lookerLoses((org, bob, room) -> act.from(org, bob));
  }

  private void lookerLoses(TakesAwayInRoom act) {
    var bob = person("bob");
    var org = ann.organization("Acme");
    ann.invite(org, bob);
    var room = publicRoom(org);
    try (var a = ann.connect().hello()) {
      var epoch = line(a, room).get("epoch").asString();
      a.next("live");
      try (var b = bob.connect().hello(looking(room, epoch))) {
        b.next("live");
        a.send(message(1, room, "one"));
        assertThat(b.next("message").get("content").asString()).isEqualTo("one");
        act.from(org, bob, room);
        var reset = b.next("reset");
        assertThat(reset.get("reason").asString()).isEqualTo("access");
        a.send(message(2, room, "two"));
        a.next(f -> f.get("type").asString().equals("ok") && f.get("id").asLong() == 2);
        b.send(Map.of("type", "pull", "id", 5, "room_id", room, "after", 0));
        assertThat(b.next().get("code").asString()).isEqualTo("not_found");
      }
    }
  }

  @Test
  void whoLooksAndThenJoinsMaySpeak() {
    var bob = person("bob");
    var org = ann.organization("Acme");
    ann.invite(org, bob);
    var room = publicRoom(org);
    try (var a = ann.connect().hello()) {
      var epoch = line(a, room).get("epoch").asString();
      try (var b = bob.connect().hello(looking(room, epoch))) {
        b.next("live");
        b.send(Map.of("type", "join", "id", 2, "room_id", room));
        b.next("ok");
        b.send(message(3, room, "now I may"));
        assertThat(b.next(f -> f.has("id") && f.get("id").asLong() == 3).get("type").asString())
            .isEqualTo("ok");
      }
    }
  }

  @Test
  void whoLeavesAndComesBackAtOnceGoesOnHearing() {
    var bob = person("bob");
    var org = ann.organization("Acme");
    ann.invite(org, bob);
    var room = publicRoom(org);
    bob.post("/api/v1/rooms/" + room + "/join", Map.of()).require(204);
    try (var a = ann.connect().hello();
        var b = bob.connect().hello()) {
      a.next("live");
      b.next("live");
      for (int i = 1; i <= 25; i++) {
        bob.post("/api/v1/rooms/" + room + "/leave", Map.of()).require(204);
        bob.post("/api/v1/rooms/" + room + "/join", Map.of()).require(204);
        a.send(message(i, room, "round " + i));
        var said = "round " + i;
        b.next(
            f ->
                f.get("type").asString().equals("message")
                    && f.get("content").asString().equals(said));
      }
    }
  }

  @Test
  void roomsBeyondWhatAConnectionHearsAreNamed() {
    var eve = person("eve");
    var org = eve.organization("Many");
    database.execute(
        """
        insert into parley.room (org_id, room_id, kind, name, epoch, last_at, created_by, created_at)
        select '%s', ('00000000-0000-4000-8000-' || lpad(i::text, 12, '0'))::uuid, 'public',
               'r' || i, 'e', now(), '%s', now() from generate_series(1, 1001) i
        """
            .formatted(org, eve.id()),
        """
        insert into parley.room_member (org_id, room_id, user_id, role, joined_pos, joined_at)
        select org_id, room_id, '%s', 'owner', 0, now() from parley.room
         where org_id = '%s' order by room_id limit 1000
        """
            .formatted(eve.id(), org));
    var last = "00000000-0000-4000-8000-000000001001";
    var looked = new HashMap<>(looking(last, "e"));
    try (var socket = eve.connect().hello(looked)) {
      var reset = socket.next("reset");
      assertThat(reset.get("room_id").asString()).isEqualTo(last);
      assertThat(reset.get("reason").asString()).isEqualTo("quota");
      socket.next("live");
      socket.send(Map.of("type", "join", "id", 7, "room_id", last));
      assertThat(socket.next("error").get("code").asString()).isEqualTo("quota");
    }
  }

  @Test
  void roomsInWhichNothingHappenedAreNotRead() throws IOException, InterruptedException {
    var eve = person("eve");
    var org = eve.organization("Quiet");
    for (int i = 0; i < 20; i++) {
      eve.room(org, "quiet" + i);
    }
    var busy = eve.room(org, "busy");
    Map<String, Object> cursor;
    try (var socket = eve.connect().hello()) {
      var line = line(socket, busy);
      cursor = Map.of("epoch", line.get("epoch").asString(), "pos", line.get("pos").asLong());
      socket.next("live");
      socket.send(message(1, busy, "while nobody listens"));
      socket.next("ok");
    }
    long before = catchUps();
    try (var socket = eve.connect().hello(Map.of("rooms", Map.of(busy, cursor)))) {
      assertThat(socket.next("message").get("content").asString())
          .isEqualTo("while nobody listens");
      socket.next("live");
      assertThat(catchUps() - before).isEqualTo(1);
      socket.send(message(2, busy, "and live"));
      assertThat(socket.next("message").get("content").asString()).isEqualTo("and live");
    }
  }

  private long catchUps() throws IOException, InterruptedException {
    return metrics()
        .lines()
        .filter(line -> line.startsWith("parley_catch_ups_total "))
        .mapToLong(line -> (long) Double.parseDouble(line.substring(line.indexOf(' ') + 1)))
        .sum();
  }

  @Test
  void aLongAbsenceIsReplayedInTheOwnLogToo() {
    var eve = person("eve");
    var room = eve.room(eve.organization("Long"), "room");
    String epoch;
    long me;
    try (var socket = eve.connect().hello()) {
      var cursor = socket.next("welcome").get("me");
      epoch = cursor.get("epoch").asString();
      me = cursor.get("pos").asLong();
    }
    database.execute(
        """
        insert into parley.user_event (user_id, pos, org_id, room_id, kind, at, message_id, seq)
        select user_id, %d + i, org_id, room_id, 'read', now(), i, i
          from parley.room_member, generate_series(1, 1200) i
         where user_id = '%s' and room_id = '%s'
        """
            .formatted(me, eve.id(), room),
        "update parley.user_head set last_pos = last_pos + 1200 where user_id = '%s'"
            .formatted(eve.id()));
    var cursor = Map.<String, Object>of("me", Map.of("epoch", epoch, "pos", me));
    try (var socket = eve.connect().hello(cursor)) {
      var markers =
          socket.until("inbox").stream()
              .filter(f -> f.get("type").asString().equals("read_marker"));
      assertThat(markers).hasSize(1_200);
    }
  }

  @Test
  void aSlowClientIsToldThatItIsBehindOnceTheDatabaseIsBack() throws SQLException {
    var bob = person("bob");
    var org = ann.organization("Acme");
    ann.invite(org, bob);
    var room = ann.room(org, "slow", bob);
    try (var a = ann.connect().hello();
        var b = bob.connect().hello()) {
      a.next("live");
      b.next("live");
      b.stopReading();
      int count = 1_500;
      for (int i = 1; i <= count; i++) {
        a.send(message(i, room, "x".repeat(8_000)));
      }
      for (int i = 1; i <= count; i++) {
        a.next("ok");
      }
      try (var idle = bob.connect();
          var away = new Outage(database)) {
        idle.hello();
        assertThat(idle.next("error").get("code").asString()).isEqualTo("unavailable");
        assertThat(idle.closeCode()).isEqualTo(1013);
        b.readAgain();
        await()
            .during(Duration.ofSeconds(1))
            .atMost(Duration.ofSeconds(10))
            .until(() -> b.isOpen());
      }
      assertThat(b.next("behind").get("room_id").asString()).isEqualTo(room);
    }
  }

  @Test
  void theTimesOfTheConfigurationHold() {
    try (var silent = ann.connect();
        var open = ann.connect().hello()) {
      assertThat(open.next("welcome").get("heartbeat_ms").asLong()).isEqualTo(20_000);
      assertThat(silent.closeCode()).isEqualTo(4408);
    }
  }

  @Test
  void socketsAreCountedByDialectAndTheirFramesByDirection()
      throws IOException, InterruptedException {
    var room = ann.room(ann.organization("Counted"), "room");
    try (var socket = ann.connect().hello()) {
      socket.next("live");
      socket.send(message(1, room, "counted"));
      socket.next("ok");
      assertThat(metrics())
          .containsPattern("parley_sockets\\{dialect=\"native\",?\\} [1-9]")
          .contains("parley_topics ")
          .containsPattern("parley_commit_messages_count [1-9]");
      await()
          .until(
              () ->
                  metrics().matches("(?s).*parley_frames_total\\{direction=\"in\",?\\} [1-9].*")
                      && metrics().matches("(?s).*parley_deliveries_total [1-9].*"));
    }
  }

  @Test
  void socketsOfOneUserAndOneAddressAreBounded(TestDatabase own) {
    var caps = Map.of("MAX_SOCKETS_PER_USER", "2", "MAX_SOCKETS_PER_ADDRESS", "3");
    try (var small = TestServer.start(own, caps)) {
      var one = Person.signUp(small, "capone");
      var two = Person.signUp(small, "captwo");
      try (var a = one.connect();
          var b = one.connect().hello();
          var c = one.connect()) {
        b.next("live");
        assertThat(c.closeCode()).isEqualTo(1013);
        try (var d = two.connect().hello()) {
          d.next("live");
          assertThat(handshake(small, two)).isEqualTo(503);
        }
      }
    }
  }

  private static int handshake(TestServer server, Person who) {
    try (var client = HttpClient.newHttpClient()) {
      client
          .newWebSocketBuilder()
          .subprotocols("parley.v1")
          .buildAsync(
              server.ws().resolve("/ws?token=" + who.token()),
              new java.net.http.WebSocket.Listener() {})
          .join();
      return 101;
    } catch (java.util.concurrent.CompletionException e) {
      return e.getCause() instanceof java.net.http.WebSocketHandshakeException refused
          ? refused.getResponse().statusCode()
          : 0;
    }
  }

  private String metrics() throws IOException, InterruptedException {
    try (var client = HttpClient.newHttpClient()) {
      var request = HttpRequest.newBuilder(server.http().resolve("/metrics")).build();
      return client.send(request, BodyHandlers.ofString()).body();
    }
  }

  private static String orgMember(String org, Person person) {
    return "/api/v1/orgs/" + org + "/members/" + person.id();
  }

  private String publicRoom(String org) {
    return ann.post("/api/v1/orgs/" + org + "/rooms", Map.of("name", "open", "kind", "public"))
        .require(201)
        .get("room_id")
        .asString();
  }

  private static JsonNode line(NativeSocket socket, String room) {
    for (var line : socket.next("inbox").get("rooms")) {
      if (line.get("room_id").asString().equals(room)) {
        return line;
      }
    }
    throw new AssertionError("the inbox lacks the room");
  }

  private static Map<String, Object> looking(String room, String epoch) {
    return Map.of("rooms", Map.of(room, Map.of("epoch", epoch, "pos", 0)));
  }

  private static Map<String, Object> message(long id, String room, String content) {
    var op = UUID.randomUUID().toString();
    return Map.of("type", "message", "id", id, "room_id", room, "op", op, "content", content);
  }

  private Person person(String name) {
    return Person.signUp(server, name + "session" + NAMES.incrementAndGet());
  }
}
