package dev.parley.server.compat.gochat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.server.compat.SeedHttp;
import dev.parley.server.compat.SeedSocket;
import dev.parley.server.testing.Person;
import dev.parley.server.testing.PostgresExtension;
import dev.parley.server.testing.TestDatabase;
import dev.parley.server.testing.TestServer;
import java.net.URI;
import java.time.Instant;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/// The third seed's sockets: who may open one, the five frames, and nothing else unless asked for.
@ExtendWith(PostgresExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
final class GoChatSocketTest {
  private final TestServer server;
  private final SeedHttp http;
  private final Chatter alice;
  private final Chatter bob;

  GoChatSocketTest(TestDatabase database) {
    this.server = TestServer.start(database, Map.of());
    this.http = new SeedHttp(server.http());
    this.alice = Chatter.signUp(server, "alice");
    this.bob = Chatter.signUp(server, "bob");
  }

  @AfterAll
  void stop() {
    server.close();
  }

  @Test
  void theHandshakeSaysWhatIsMissing() {
    var open = alice.room("public");
    var closed = alice.room("private");
    assertRefused("/ws?room_id=" + open, 401, "Missing token");
    assertRefused("/ws?token=nonsense&room_id=" + open, 401, "Invalid token");
    assertRefused("/ws?token=" + bob.token(), 400, "Missing room_id");
    assertRefused("/ws?token=" + bob.token() + "&room_id=7", 400, "Invalid room_id");
    assertRefused(
        "/ws?token=" + bob.token() + "&room_id=" + closed, 403, "Not a member of this room");
    assertThat(http.get("/ws?token=" + bob.token() + "&room_id=" + open).status()).isEqualTo(400);
  }

  private void assertRefused(String path, int status, String error) {
    var reply = http.get(path);
    assertThat(reply.status()).as(path).isEqualTo(status);
    assertThat(reply.error()).isEqualTo(error);
  }

  @Test
  void everybodyHearsAMessageAlsoWhoWroteIt() {
    var room = alice.room("public");
    try (var a = alice.connect(room)) {
      assertFrame(a.nextJson(), "join", alice, room);
      try (var b = bob.connect(room)) {
        assertFrame(a.nextJson(), "join", bob, room);
        assertFrame(b.nextJson(), "join", bob, room);
        b.say("{\"type\":\"message\",\"room_id\":\"" + room + "\",\"content\":\"hello\"}");
        for (var socket : new SeedSocket[] {a, b}) {
          var frame = socket.nextJson();
          assertFrame(frame, "message", bob, room);
          assertThat(frame.get("content").asString()).isEqualTo("hello");
          assertThat(frame.get("username").asString()).isEqualTo("bob");
          assertThat(frame.get("message_type").asString()).isEqualTo("text");
          assertThat(frame.get("message_id").isIntegralNumber()).isTrue();
        }
        assertThat(alice.contents(room, "")).containsExactly("hello");
      }
      assertFrame(a.nextJson(), "leave", bob, room);
    }
  }

  @Test
  void othersHearOfTypingAndReading() {
    var room = alice.room("public");
    try (var a = alice.connect(room);
        var b = bob.connect(room)) {
      assertFrame(b.nextJson(), "join", bob, room);
      upToJoin(a, bob);
      long message = alice.post(room, "read me");
      assertFrame(a.nextJson(), "message", alice, room);
      assertFrame(b.nextJson(), "message", alice, room);
      b.say("{\"type\":\"typing\",\"room_id\":\"" + room + "\"}");
      b.say("{\"type\":\"typing_stop\"}");
      b.say("{\"type\":\"read\",\"room_id\":\"" + room + "\",\"message_id\":" + message + "}");
      b.say("{\"type\":\"message\",\"content\":\"end\"}");
      assertFrame(a.nextJson(), "typing", bob, room);
      var read = a.nextJson();
      assertFrame(read, "read", bob, room);
      assertThat(read.get("message_id").asLong()).isEqualTo(message);
      assertFrame(a.nextJson(), "message", bob, room);
      assertFrame(b.nextJson(), "message", bob, room);
    }
  }

  private static void upToJoin(SeedSocket socket, Chatter who) {
    var frame = socket.nextJson();
    while (!frame.get("user_id").asString().equals(who.id())) {
      frame = socket.nextJson();
    }
    assertThat(frame.get("type").asString()).isEqualTo("join");
  }

  @Test
  void nothingElseIsHeardUnlessAskedFor() {
    var room = alice.room("public");
    long message = alice.post(room, "first");
    var path = "/rooms/" + room + "/messages/" + message;
    try (var plain = alice.connect(room);
        var curious = SeedSocket.open(URI.create(alice.address(room) + "&events=all"))) {
      assertFrame(plain.nextJson(), "join", alice, room);
      assertFrame(plain.nextJson(), "join", alice, room);
      assertFrame(curious.nextJson(), "join", alice, room);
      bob.http().get("/rooms/" + room).require(200);
      alice.http().call("PUT", path, "{\"content\":\"second\"}").require(200);
      bob.http().post(path + "/reactions", "{\"emoji\":\"👍\"}").require(201);
      alice.http().call("DELETE", path, "").require(200);
      alice.post(room, "end");
      assertThat(next(curious)).isEqualTo("message_edited");
      assertThat(next(curious)).isEqualTo("reaction_added");
      assertThat(next(curious)).isEqualTo("message_deleted");
      assertThat(next(curious)).isEqualTo("message");
      assertThat(next(plain)).isEqualTo("message");
      curious.say("nonsense");
      assertThat(next(curious)).isEqualTo("error");
    }
  }

  private static String next(SeedSocket socket) {
    var type = socket.nextJson().get("type").asString();
    return type.equals("presence") ? next(socket) : type;
  }

  @Test
  void oneSocketJoinsAndLeavesOtherRooms() {
    var first = alice.room("public");
    var second = alice.room("private");
    alice.add(second, bob, "member").require(201);
    var third = alice.room("group");
    try (var a = alice.connect(second);
        var b = bob.connect(first)) {
      assertFrame(a.nextJson(), "join", alice, second);
      assertFrame(b.nextJson(), "join", bob, first);
      b.say("{\"type\":\"join\",\"room_id\":\"" + third + "\"}");
      b.say("{\"type\":\"join\",\"room_id\":\"" + second + "\"}");
      assertFrame(a.nextJson(), "join", bob, second);
      assertFrame(b.nextJson(), "join", bob, second);
      a.say("{\"type\":\"message\",\"room_id\":\"" + second + "\",\"content\":\"both\"}");
      assertFrame(a.nextJson(), "message", alice, second);
      assertFrame(b.nextJson(), "message", alice, second);
      b.say("{\"type\":\"leave\",\"room_id\":\"" + second + "\"}");
      assertFrame(a.nextJson(), "leave", bob, second);
      assertFrame(b.nextJson(), "leave", bob, second);
      a.say("{\"type\":\"message\",\"room_id\":\"" + second + "\",\"content\":\"alone\"}");
      assertFrame(a.nextJson(), "message", alice, second);
      b.say("{\"type\":\"message\",\"room_id\":\"" + first + "\",\"content\":\"here\"}");
      assertFrame(b.nextJson(), "message", bob, first);
    }
  }

  @Test
  void whoIsSentAwayHearsNothingMore() {
    var room = alice.room("private");
    alice.add(room, bob, "member").require(201);
    try (var a = alice.connect(room);
        var b = bob.connect(room)) {
      upToJoin(a, bob);
      assertFrame(b.nextJson(), "join", bob, room);
      alice.http().call("DELETE", "/rooms/" + room + "/members/" + bob.id(), "").require(200);
      assertFrame(a.nextJson(), "leave", bob, room);
      assertFrame(b.nextJson(), "leave", bob, room);
      assertThat(b.closeCode()).isEqualTo(4403);
    }
  }

  @Test
  void framesThatSayNothingAreIgnored() {
    var room = alice.room("public");
    try (var a = alice.connect(room)) {
      assertFrame(a.nextJson(), "join", alice, room);
      for (var frame :
          new String[] {
            "nonsense",
            "[]",
            "{}",
            "{\"type\":\"dance\"}",
            "{\"type\":\"message\"}",
            "{\"type\":\"message\",\"content\":7}",
            "{\"type\":\"message\",\"content\":\"x\",\"room_id\":\"7\"}",
            "{\"type\":\"message\",\"content\":\"x\",\"message_type\":\"smell\"}",
            "{\"type\":\"read\",\"message_id\":1}",
            "{\"type\":\"read\"}"
          }) {
        a.say(frame);
      }
      a.sayBinary("{\"type\":\"message\",\"content\":\"still here\"}");
      assertThat(a.nextJson().get("content").asString()).isEqualTo("still here");
    }
  }

  @Test
  void aBurstArrivesWholeAndInOrder() {
    var room = alice.room("public");
    try (var a = alice.connect(room);
        var b = bob.connect(room)) {
      upToJoin(a, bob);
      assertFrame(b.nextJson(), "join", bob, room);
      var sent = IntStream.range(0, 1_000).mapToObj(i -> "m" + i).toList();
      sent.forEach(text -> b.say("{\"type\":\"message\",\"content\":\"" + text + "\"}"));
      assertThat(a.contents(1_000)).isEqualTo(sent);
      assertThat(b.contents(1_000)).isEqualTo(sent);
    }
  }

  @Test
  void presenceIsTheSameOnEverySide() {
    var room = alice.room("public");
    bob.http().get("/rooms/" + room).require(200);
    assertThat(status(room, bob)).isEqualTo("offline");
    try (var curious = SeedSocket.open(URI.create(alice.address(room) + "&events=all"));
        var b = bob.connect(room)) {
      // Whoever goes before that was never there.
      upToPresence(curious, bob);
      assertThat(status(room, bob)).isEqualTo("online");
      assertFrame(b.nextJson(), "join", bob, room);
    }
    await().until(() -> status(room, bob).equals("offline"));
    await().until(() -> member(room, bob).has("last_seen"));
    var seen = member(room, bob).get("last_seen").asString();
    assertThat(Instant.parse(seen)).isBefore(Instant.now());
  }

  private static void upToPresence(SeedSocket socket, Chatter who) {
    var frame = socket.nextJson();
    while (!frame.get("type").asString().equals("presence")
        || !frame.get("user_id").asString().equals(who.id())) {
      frame = socket.nextJson();
    }
    assertThat(frame.get("status").asString()).isEqualTo("online");
  }

  private String status(String room, Chatter who) {
    return member(room, who).get("status").asString();
  }

  private JsonNode member(String room, Chatter who) {
    return alice
        .http()
        .get("/rooms/" + room + "/members")
        .require(200)
        .valueStream()
        .filter(member -> member.get("user_id").asString().equals(who.id()))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void nativeClientsHearTheSameRoom() {
    var room = alice.room("public");
    var nadia = Person.signUp(server, "nadia");
    http.with(nadia.token()).get("/rooms/" + room).require(200);
    try (var a = alice.connect(room)) {
      assertFrame(a.nextJson(), "join", alice, room);
      nadia.post("/api/v1/rooms/" + room + "/messages", Map.of("content", "hi")).require(201);
      var frame = a.nextJson();
      assertThat(frame.get("type").asString()).isEqualTo("message");
      assertThat(frame.get("user_id").asString()).isEqualTo(nadia.id());
    }
  }

  @Test
  void signingOutEndsTheSocket() {
    var carol = Chatter.signUp(server, "carol");
    try (var c = carol.connect(carol.room("public"))) {
      assertThat(c.nextJson().get("type").asString()).isEqualTo("join");
      carol.http().post("/auth/logout", "").require(200);
      assertThat(c.closeCode()).isEqualTo(4401);
    }
  }

  private static void assertFrame(JsonNode frame, String type, Chatter who, String room) {
    assertThat(frame.get("type").asString()).as("%s", frame).isEqualTo(type);
    assertThat(frame.get("user_id").asString()).isEqualTo(who.id());
    assertThat(frame.get("room_id").asString()).isEqualTo(room);
    assertThat(frame.has("content")).isTrue();
    assertThat(Instant.parse(frame.get("timestamp").asString())).isNotNull();
  }
}
