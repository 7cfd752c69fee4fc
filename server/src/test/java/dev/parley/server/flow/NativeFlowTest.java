package dev.parley.server.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.server.testing.NativeSocket;
import dev.parley.server.testing.Person;
import dev.parley.server.testing.PostgresExtension;
import dev.parley.server.testing.TestDatabase;
import dev.parley.server.testing.TestServer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/// The native protocol through the front door, as docs/protocol tells it.
@ExtendWith(PostgresExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class NativeFlowTest {
  private static final AtomicInteger NAMES = new AtomicInteger();

  private TestServer server;
  private Person ann;
  private Person bob;
  private String org;

  @BeforeAll
  void start(TestDatabase database) {
    server = TestServer.start(database, Map.of());
    ann = person("ann");
    bob = person("bob");
    org = ann.organization("Acme");
    ann.invite(org, bob);
  }

  @AfterAll
  void stop() {
    server.close();
  }

  @Test
  void twoPeopleTalk() {
    var room = ann.room(org, "talk", bob);
    try (var a = ann.connect().hello();
        var b = bob.connect().hello()) {
      a.next("live");
      b.next("live");
      var op = UUID.randomUUID().toString();
      a.send(message(7, room, op, "hello bob"));
      var ok = a.next("ok");
      assertThat(ok.get("id").asLong()).isEqualTo(7);
      assertThat(ok.get("seq").asLong()).isEqualTo(1);
      for (var socket : List.of(a, b)) {
        var heard = socket == a ? null : socket.next("message");
        if (heard != null) {
          assertThat(heard.get("content").asString()).isEqualTo("hello bob");
          assertThat(heard.get("op").asString()).isEqualTo(op);
          assertThat(heard.get("user_id").asString()).isEqualTo(ann.id());
          assertThat(heard.get("pos").asLong()).isEqualTo(ok.get("pos").asLong());
          assertThat(heard.get("message_id").asLong()).isEqualTo(ok.get("message_id").asLong());
        }
      }
    }
  }

  @Test
  void theSameOpIsOneMessage() {
    var room = ann.room(org, "once", bob);
    var op = UUID.randomUUID().toString();
    JsonNode first;
    try (var a = ann.connect().hello()) {
      a.next("live");
      a.send(message(1, room, op, "once"));
      first = a.next("ok");
    }
    try (var again = ann.connect().hello()) {
      again.next("live");
      again.send(message(2, room, op, "once"));
      var ok = again.next("ok");
      assertThat(ok.get("duplicate").asBoolean()).isTrue();
      assertThat(ok.get("pos")).isEqualTo(first.get("pos"));
      assertThat(ok.get("message_id")).isEqualTo(first.get("message_id"));
      again.send(message(3, room, op, "twice"));
      assertThat(again.next("error").get("code").asString()).isEqualTo("idempotency_mismatch");
    }
  }

  @Test
  void resumeReplaysEverythingAfterTheCursorAndThenIsLive() {
    var room = ann.room(org, "resume", bob);
    String epoch;
    try (var b = bob.connect().hello()) {
      epoch = inboxLine(b, room).get("epoch").asString();
    }
    try (var a = ann.connect().hello()) {
      a.next("live");
      for (int i = 0; i < 700; i++) {
        a.send(message(i + 1, room, UUID.randomUUID().toString(), "m" + i));
      }
      for (int i = 0; i < 700; i++) {
        a.next("ok");
      }
      var cursor = Map.of("rooms", Map.of(room, Map.of("epoch", epoch, "pos", 3)));
      try (var b = bob.connect().hello(new HashMap<>(cursor))) {
        var replay =
            b.until("live").stream().filter(f -> inRoom(f, room)).map(f -> f.get("pos").asLong());
        assertThat(replay)
            .containsExactlyElementsOf(LongStream.rangeClosed(4, 703).boxed().toList());
        a.send(message(9_999, room, UUID.randomUUID().toString(), "after"));
        assertThat(b.next("message").get("pos").asLong()).isEqualTo(704);
      }
    }
  }

  @Test
  void aCursorOfAnotherHistoryIsReset() {
    var room = ann.room(org, "epochs", bob);
    var cursor = Map.of("rooms", Map.of(room, Map.of("epoch", "other", "pos", 3)));
    try (var b = bob.connect().hello(new HashMap<>(cursor))) {
      var reset = b.next("reset");
      assertThat(reset.get("room_id").asString()).isEqualTo(room);
      assertThat(reset.get("reason").asString()).isEqualTo("restore");
    }
  }

  @Test
  void whoIsSentAwayHearsNothingAfterwards() {
    var room = ann.room(org, "fence", bob);
    try (var a = ann.connect().hello();
        var b = bob.connect().hello()) {
      a.next("live");
      b.next("live");
      var pending = new ArrayList<Integer>();
      for (int i = 1; i <= 200; i++) {
        a.send(message(i, room, UUID.randomUUID().toString(), "m" + i));
        pending.add(i);
        if (i == 100) {
          ann.delete("/api/v1/rooms/" + room + "/members/" + bob.id()).require(204);
        }
      }
      pending.forEach(i -> a.next("ok"));
      var heard = b.until("reset");
      assertThat(heard.getLast().get("reason").asString()).isEqualTo("access");
      var inRoom = heard.stream().filter(f -> inRoom(f, room)).toList();
      assertThat(inRoom.getLast().get("type").asString()).isEqualTo("member_left");
      b.send(message(1, room, UUID.randomUUID().toString(), "let me in"));
      assertThat(b.next("error").get("code").asString()).isEqualTo("not_found");
      assertThat(b.rest()).noneMatch(f -> inRoom(f, room));
    }
    assertThat(bob.get("/api/v1/rooms/" + room + "/messages").status()).isEqualTo(404);
  }

  @Test
  void aNewRoomIsHeardAtOnceFromItsFirstMessage() {
    try (var b = bob.connect().hello()) {
      b.next("live");
      var room = ann.room(org, "new", bob);
      try (var a = ann.connect().hello()) {
        a.next("live");
        a.send(message(1, room, UUID.randomUUID().toString(), "welcome"));
        a.next("ok");
        assertThat(b.next("room_joined").get("room_id").asString()).isEqualTo(room);
        assertThat(b.next("message").get("content").asString()).isEqualTo("welcome");
      }
    }
  }

  @Test
  void aClientThatDoesNotReadIsPutBehindAndPulls() {
    var room = ann.room(org, "slow", bob);
    var big = "x".repeat(8_000);
    int count = 2_000;
    try (var a = ann.connect().hello();
        var b = bob.connect().hello()) {
      a.next("live");
      b.next("live");
      // From the first message on the node knows what has come, and puts behind whoever is too
      // slow.
      a.send(message(count + 1, room, UUID.randomUUID().toString(), "first"));
      a.next("ok");
      b.next("message");
      b.stopReading();
      for (int i = 1; i <= count; i++) {
        a.send(message(i, room, UUID.randomUUID().toString(), big));
      }
      for (int i = 1; i <= count; i++) {
        a.next("ok");
      }
      b.readAgain();
      var seen = new ArrayList<Long>();
      for (var frame : b.until("behind")) {
        addPos(frame, room, seen);
      }
      pullToTheHead(b, room, seen);
      assertThat(seen)
          .containsExactlyElementsOf(LongStream.rangeClosed(5, 4 + count).boxed().toList());
      a.send(message(5_000, room, UUID.randomUUID().toString(), "live again"));
      assertThat(b.next("message").get("content").asString()).isEqualTo("live again");
    }
  }

  @Test
  void badFramesAreAnsweredAndTheSocketStays() {
    try (var a = ann.connect().hello()) {
      a.next("live");
      a.send(Map.of("type", "message", "id", 5));
      var error = a.next("error");
      assertThat(error.get("id").asLong()).isEqualTo(5);
      assertThat(error.get("code").asString()).isEqualTo("bad_request");
      a.send(Map.of("type", "nobody knows this"));
      a.send(message(6, UUID.randomUUID().toString(), UUID.randomUUID().toString(), "hi"));
      assertThat(a.next("error").get("code").asString()).isEqualTo("not_found");
      a.sendText("[]");
      assertThat(a.closeCode()).isEqualTo(4400);
    }
  }

  @Test
  void nothingIsSaidBeforeHello() {
    try (var a = ann.connect()) {
      a.send(message(1, UUID.randomUUID().toString(), UUID.randomUUID().toString(), "hi"));
      assertThat(a.next("error").get("code").asString()).isEqualTo("unauthorized");
    }
  }

  @Test
  void aSignedOutDeviceLosesItsSocket() {
    var eve = person("eve");
    try (var socket = eve.connect().hello()) {
      socket.next("live");
      eve.post("/api/v1/auth/logout", Map.of());
      assertThat(socket.closeCode()).isEqualTo(4401);
    }
  }

  @Test
  void readingMovesTheMarkerOnAllDevicesAndTellsTheOthers() {
    var room = ann.room(org, "reading", bob);
    try (var a = ann.connect().hello();
        var phone = bob.connect().hello();
        var laptop = bob.connect().hello()) {
      a.next("live");
      phone.next("live");
      laptop.next("live");
      a.send(message(1, room, UUID.randomUUID().toString(), "read me"));
      long messageId = a.next("ok").get("message_id").asLong();
      phone.send(Map.of("type", "read", "id", 2, "room_id", room, "message_id", messageId));
      phone.next("ok");
      var marker = laptop.next("read_marker");
      assertThat(marker.get("message_id").asLong()).isEqualTo(messageId);
      assertThat(a.next("read").get("user_id").asString()).isEqualTo(bob.id());
    }
  }

  private static void pullToTheHead(NativeSocket socket, String room, List<Long> seen) {
    boolean more = true;
    while (more) {
      socket.send(
          Map.of("type", "pull", "id", 77, "room_id", room, "after", seen.getLast(), "limit", 500));
      var page = socket.until("ok");
      page.forEach(frame -> addPos(frame, room, seen));
      more = page.getLast().has("more");
    }
  }

  private static void addPos(JsonNode frame, String room, List<Long> seen) {
    if (inRoom(frame, room) && (seen.isEmpty() || frame.get("pos").asLong() > seen.getLast())) {
      seen.add(frame.get("pos").asLong());
    }
  }

  /// Whether a frame is an event in the log of a room.
  private static boolean inRoom(JsonNode frame, String room) {
    return frame.has("pos")
        && frame.has("user_id")
        && frame.has("room_id")
        && frame.get("room_id").asString().equals(room);
  }

  private static JsonNode inboxLine(NativeSocket socket, String room) {
    for (var line : socket.next("inbox").get("rooms")) {
      if (line.get("room_id").asString().equals(room)) {
        return line;
      }
    }
    throw new AssertionError("the inbox lacks the room");
  }

  private Person person(String name) {
    return Person.signUp(server, name + NAMES.incrementAndGet());
  }

  private static Map<String, Object> message(long id, String room, String op, String content) {
    return Map.of("type", "message", "id", id, "room_id", room, "op", op, "content", content);
  }
}
