package dev.parley.server.compat.messaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.server.base.Limits;
import dev.parley.server.compat.SeedHttp;
import dev.parley.server.compat.SeedSocket;
import dev.parley.server.compat.SeedToken;
import dev.parley.server.testing.NativeSocket;
import dev.parley.server.testing.PostgresExtension;
import dev.parley.server.testing.TestDatabase;
import dev.parley.server.testing.TestServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// The second seed's clients, over the wire.
@ExtendWith(PostgresExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class MessagingTest {
  private final TestDatabase database;
  private final TestServer server;
  private final SeedHttp http;
  private final KeyPair keys;

  MessagingTest(TestDatabase database) throws GeneralSecurityException {
    var generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2_048);
    this.keys = generator.generateKeyPair();
    this.database = database;
    this.server = TestServer.start(database, Map.of("JWT_PUBLIC_KEY", pem(keys)));
    this.http = new SeedHttp(server.http());
  }

  @AfterAll
  void stop() {
    server.close();
  }

  @Test
  void aMessageArrivesAndItsSenderIsToldSo() {
    try (var bob = connect("bob1");
        var ann = connect("ann1")) {
      ann.say("{\"receiver_id\":\"bob1\",\"content\":\"hello\",\"sender_id\":\"eve\",\"id\":9}");
      var frame = bob.nextJson();
      assertThat(frame.get("sender_id").asString()).isEqualTo("ann1");
      assertThat(frame.get("receiver_id").asString()).isEqualTo("bob1");
      assertThat(frame.get("content").asString()).isEqualTo("hello");
      assertThat(frame.get("status").asString()).isEqualTo("sent");
      assertThat(frame.get("id").isIntegralNumber()).isTrue();
      assertThat(Instant.parse(frame.get("created_at").asString()))
          .isBeforeOrEqualTo(Instant.now());
      requireDelivery(ann, frame.get("id").asLong(), "delivered", "bob1");
      assertThat(statuses("ann1", "bob1")).containsExactly("delivered");
    }
  }

  @Test
  void whoIsAwayHasNotGotIt() {
    try (var ann = connect("ann2")) {
      ann.say("{\"to\":\"bob2\",\"content\":\"are you there?\"}");
      var sent = ann.nextJson();
      assertThat(sent.get("status").asString()).isEqualTo("sent");
      assertThat(statuses("ann2", "bob2")).containsExactly("sent");
      try (var bob = connect("bob2")) {
        ann.say("{\"recipient_id\":\"bob2\",\"content\":\"now you are\"}");
        var heard = bob.nextJson();
        assertThat(heard.get("content").asString()).isEqualTo("now you are");
        requireDelivery(ann, heard.get("id").asLong(), "delivered", "bob2");
        assertThat(statuses("ann2", "bob2")).containsExactly("sent", "delivered");
      }
      assertThat(statuses("bob2", "ann2")).containsExactly("delivered", "delivered");
      requireDelivery(ann, sent.get("message_id").asLong(), "delivered", "bob2");
    }
  }

  @Test
  void whatArrivedWhileTheSenderWasAwayIsToldOnTheNextConnect() {
    var sent = send("{\"sender_id\":\"ann3\",\"receiver_id\":\"bob3\",\"content\":\"hi\"}");
    assertThat(sent.get("status").asString()).isEqualTo("sent");
    assertThat(statuses("bob3", "ann3")).containsExactly("delivered");
    try (var ann = connect("ann3")) {
      requireDelivery(ann, sent.get("id").asLong(), "delivered", "bob3");
    }
  }

  @Test
  void allSocketsOfAUserHearAndClosingOneSilencesNone() {
    try (var ann = connect("ann4");
        var one = connect("bob4");
        var two = connect("bob4")) {
      ann.say("{\"receiver_id\":\"bob4\",\"content\":\"both\"}");
      assertThat(one.contents(1)).containsExactly("both");
      assertThat(two.contents(1)).containsExactly("both");
      one.close(1000);
      ann.say("{\"receiver_id\":\"bob4\",\"content\":\"one\"}");
      assertThat(two.contents(1)).containsExactly("one");
      assertThat(online()).contains("bob4");
      two.close(1000);
      await().until(() -> !online().contains("bob4"));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"{", "[]", "{\"content\":\"to nobody\"}", "{\"receiver_id\":7}", "\"text\""})
  void nonsenseIsIgnored(String frame) {
    var name = "nil" + Math.abs(frame.hashCode());
    try (var ann = connect(name)) {
      ann.say(frame);
      ann.say("{\"receiver_id\":\"nobody\",\"content\":\"fine\"}");
      assertThat(ann.nextJson().get("to").asString()).isEqualTo("nobody");
    }
  }

  @Test
  void theHistoryIsOldestFirstAndTheSameForBoth() {
    for (var text : List.of("one", "two", "three")) {
      send("{\"sender_id\":\"ann5\",\"receiver_id\":\"bob5\",\"content\":\"" + text + "\"}");
    }
    for (var path : List.of("?user_id=ann5&with=bob5", "?user_id=bob5&with=ann5")) {
      var messages = http.get("/api/messages" + path).json();
      var contents = new ArrayList<String>();
      messages.forEach(message -> contents.add(message.get("content").asString()));
      assertThat(contents).containsExactly("one", "two", "three");
      assertThat(messages.get(0).get("sender_name").asString()).isEqualTo("ann5");
      assertThat(messages.get(0).get("receiver_id").asString()).isEqualTo("bob5");
    }
    assertThat(http.get("/api/messages?user_id=nobody5&with=bob5").body()).isEqualTo("[]");
    assertThat(http.get("/api/messages?user_id=ann5").error())
        .isEqualTo("with query param required");
  }

  @Test
  void whoeverAsksSeesWhoIsOnline() {
    try (var ann = connect("ann6")) {
      assertThat(ann).isNotNull();
      for (var user : http.get("/api/online_users").json()) {
        if (user.get("id").asString().equals("ann6")) {
          assertThat(user.get("user_id").asString()).isEqualTo("ann6");
          assertThat(user.get("name").asString()).isEqualTo("ann6");
          assertThat(user.get("online").asBoolean()).isTrue();
          return;
        }
      }
      throw new AssertionError("ann6 is not there");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "[]", "{\"content\":\"x\"}", "{\"receiver_id\":\"\"}"})
  void whatCannotBeSentIsRefused(String body) {
    var reply = http.post("/api/send_message", body);
    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.error()).isEqualTo("Invalid payload");
  }

  @Test
  void anyPageMayAsk() throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(server.http().resolve("/api/online_users"))
            .header("Origin", "https://elsewhere.example")
            .build();
    try (var client = HttpClient.newHttpClient()) {
      var answer = client.send(request, HttpResponse.BodyHandlers.ofString());
      assertThat(answer.headers().firstValue("Access-Control-Allow-Origin")).contains("*");
    }
  }

  /// The commands of the README, with curl told where port 8080 is; websocat is a plain socket.
  @Test
  void theReadme(@TempDir Path folder) throws IOException {
    try (var a = connect("a");
        var b = connect("b")) {
      b.say("{\"receiver_id\":\"a\",\"content\":\"hello a\"}");
      assertThat(a.contents(1)).containsExactly("hello a");
    }
    Files.writeString(
        folder.resolve(".curlrc"),
        "silent\nconnect-to = \"localhost:8080:127.0.0.1:%d\"\n"
            .formatted(server.http().getPort()));
    var builder =
        new ProcessBuilder(
            "bash",
            "-c",
            """
            curl -X POST -H "Content-Type: application/json" -d '{"receiver_id": "2", "content": "Hello"}' http://localhost:8080/api/send_message
            """);
    builder.environment().put("CURL_HOME", folder.toString());
    var answer =
        new String(builder.start().getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(answer).contains("\"receiver_id\":\"2\"", "\"content\":\"Hello\"", "\"id\":");
    assertThat(http.get("/api/messages?user_id=2&with=anonymous").body()).contains("Hello");
  }

  @Test
  void aTokenSaysWhoItIsWhateverTheRequestClaims() {
    var one = token("1", "Ann");
    var two = token("2", "Bob");
    try (var bob = SeedSocket.open(ws("?user_id=eve&token=" + two));
        var ann = SeedSocket.open(ws("?token=" + one));
        var name = connect("2")) {
      ann.say("{\"receiver_id\":\"2\",\"content\":\"by token\"}");
      var heard = bob.nextJson();
      assertThat(heard.get("sender_id").asString()).isEqualTo("1");
      requireDelivery(ann, heard.get("id").asLong(), "delivered", "2");
      var body = "{\"sender_id\":\"eve\",\"receiver_id\":\"2\",\"content\":\"over HTTP\"}";
      var sent = http.post("/api/send_message", body, one).json();
      assertThat(sent.get("sender_id").asString()).isEqualTo("1");
      assertThat(sent.get("status").asString()).isEqualTo("delivered");
      assertThat(bob.contents(1)).containsExactly("over HTTP");
      var online = http.get("/api/online_users", two).json();
      assertThat(online.get(0).get("id").isIntegralNumber()).isTrue();
      assertThat(online.get(0).get("name").asString()).isEqualTo("Ann");
      assertThat(http.get("/api/messages?user_id=9&with=1", two).json()).hasSize(2);
      // Names that prove nothing are other people.
      assertThat(http.get("/api/messages?user_id=2&with=1").body()).isEqualTo("[]");
      name.say("{\"receiver_id\":\"1\",\"content\":\"from a name\"}");
      assertThat(name.nextJson().get("status").asString()).isEqualTo("sent");
      assertThat(http.get("/api/messages?with=2", one).json()).hasSize(2);
    }
  }

  @Test
  void anAcknowledgementOnTheNativeProtocolIsADeliveryToo() {
    var one = token("11", "Cem");
    var two = token("12", "Dora");
    try (var ann = SeedSocket.open(ws("?token=" + one))) {
      ann.say("{\"receiver_id\":\"12\",\"content\":\"for later\"}");
      var sent = ann.nextJson();
      assertThat(sent.get("status").asString()).isEqualTo("sent");
      try (var bob = NativeSocket.open(ws("?token=" + two)).hello()) {
        var room = bob.next("inbox").get("rooms").get(0);
        bob.next("live");
        bob.send(
            Map.of(
                "type",
                "ack",
                "rooms",
                Map.of(room.get("room_id").asString(), room.get("pos").asLong())));
        requireDelivery(ann, sent.get("message_id").asLong(), "delivered", "12");
      }
    }
  }

  @Test
  void theSharedPathTellsItsClientsApart() {
    var token = token("21", "Ece");
    var plain = new SeedHttp(server.http());
    assertThat(plain.get("/ws").error()).isEqualTo("user_id or token required");
    assertThat(plain.get("/ws?room_id=x").error()).isEqualTo("Missing token");
    assertThat(plain.get("/ws?room_id=x").status()).isEqualTo(401);
    assertThat(plain.get("/ws?token=nonsense&user_id=a").status()).isEqualTo(401);
    assertThat(plain.get("/ws?room_id=x&token=" + token).status()).isEqualTo(400);
    assertThat(plain.get("/ws?user_id=a").error()).isEqualTo("Bad Request");
    try (var bearer = SeedSocket.open(ws(""), "bearer", token)) {
      bearer.say("{\"receiver_id\":\"21\",\"content\":\"to myself\"}");
      var first = bearer.nextJson();
      var second = bearer.nextJson();
      assertThat(List.of(first.has("type"), second.has("type"))).contains(true, false);
    }
    try (var closed =
        TestServer.start(database, Map.of("COMPAT_OPEN", "off", "JWT_PUBLIC_KEY", pem(keys)))) {
      var strict = new SeedHttp(closed.http());
      assertThat(strict.get("/ws?user_id=a").status()).isEqualTo(401);
      assertThat(strict.get("/ws").status()).isEqualTo(401);
      assertThat(strict.get("/api/online_users").status()).isEqualTo(401);
      assertThat(strict.post("/api/send_message", "{\"receiver_id\":\"2\"}").status())
          .isEqualTo(401);
      assertThat(strict.get("/api/online_users", token).status()).isEqualTo(200);
    }
  }

  @Test
  void roomsOfAnotherKindSilenceNoConversation() {
    send("{\"sender_id\":\"ann7\",\"receiver_id\":\"bob7\",\"content\":\"before\"}");
    crowd("bob7", "private", 1_000);
    try (var bob = connect("bob7")) {
      send("{\"sender_id\":\"ann7\",\"receiver_id\":\"bob7\",\"content\":\"still here\"}");
      assertThat(bob.contents(1)).containsExactly("still here");
    }
  }

  @Test
  void whoWritesForTheFirstTimeIsHeardByWhoeverKnowsAThousandOthers() {
    send("{\"sender_id\":\"ann8\",\"receiver_id\":\"bob8\",\"content\":\"before\"}");
    crowd("bob8", "direct", 1_000);
    try (var bob = connect("bob8")) {
      send("{\"sender_id\":\"new8\",\"receiver_id\":\"bob8\",\"content\":\"a new voice\"}");
      assertThat(bob.contents(1)).containsExactly("a new voice");
    }
  }

  @Test
  void whoIsInTooManyRoomsOpensNoMore() {
    send("{\"sender_id\":\"ann10\",\"receiver_id\":\"bob10\",\"content\":\"before\"}");
    crowd("ann10", "direct", Limits.ROOMS_PER_USER);
    var more = "{\"sender_id\":\"ann10\",\"receiver_id\":\"new10\",\"content\":\"x\"}";
    assertThat(http.post("/api/send_message", more).status()).isEqualTo(403);
    send("{\"sender_id\":\"ann10\",\"receiver_id\":\"bob10\",\"content\":\"still\"}");
    send("{\"sender_id\":\"new10\",\"receiver_id\":\"ann10\",\"content\":\"hello\"}");
  }

  @Test
  void theHistoryEndsWhereOneAnswerIsFull() {
    var text = "x".repeat(60_000);
    for (int i = 0; i < 72; i++) {
      send(
          "{\"sender_id\":\"ann9\",\"receiver_id\":\"bob9\",\"content\":\"%d %s\"}"
              .formatted(i, text));
    }
    var messages = http.get("/api/messages?user_id=ann9&with=bob9").json();
    assertThat(messages).hasSize(Limits.ANSWER_CONTENT / 60_000 + 1);
    assertThat(messages.get(messages.size() - 1).get("content").asString()).startsWith("71 ");
  }

  /// Puts somebody into many rooms in which more happened lately than in the one they have.
  private void crowd(String name, String kind, int rooms) {
    database.execute(
        """
        insert into parley.room (org_id, room_id, kind, alias, name, epoch, last_at, created_by, created_at)
        select m.org_id, gen_random_uuid(), '%2$s', 'crowd-%1$s-' || n, '', 'e',
               now() + interval '1 hour', m.user_id, now()
          from parley.room_member m, generate_series(1, %3$d) n where m.user_id like '%%:%1$s'
        """
            .formatted(name, kind, rooms),
        """
        insert into parley.room_member (org_id, room_id, user_id, role, joined_pos, joined_at, read_seq)
        select r.org_id, r.room_id, r.created_by, 'member', 0, now(), 0
          from parley.room r where r.alias like 'crowd-%s-%%'
        """
            .formatted(name));
  }

  private SeedSocket connect(String name) {
    return SeedSocket.open(ws("?user_id=" + name));
  }

  private URI ws(String query) {
    return URI.create(server.ws() + "/ws" + query);
  }

  private JsonNode send(String body) {
    var reply = http.post("/api/send_message", body);
    assertThat(reply.status()).as(reply.body()).isEqualTo(200);
    return reply.json();
  }

  private List<String> statuses(String user, String with) {
    var statuses = new ArrayList<String>();
    http.get("/api/messages?user_id=" + user + "&with=" + with)
        .json()
        .forEach(message -> statuses.add(message.get("status").asString()));
    return statuses;
  }

  private List<String> online() {
    var ids = new ArrayList<String>();
    http.get("/api/online_users").json().forEach(user -> ids.add(user.get("user_id").asString()));
    return ids;
  }

  private String token(String subject, String name) {
    return SeedToken.rs256(
        keys.getPrivate(),
        "{\"sub\":\"%s\",\"name\":\"%s\",\"role\":\"0\",\"iss\":\"your-auth-service\",\"exp\":%d}"
            .formatted(subject, name, Instant.now().getEpochSecond() + 900));
  }

  private static void requireDelivery(SeedSocket socket, long id, String status, String to) {
    var frame = socket.nextJson();
    assertThat(frame.get("type").asString()).as(frame.toString()).isEqualTo("delivery");
    assertThat(frame.get("message_id").asLong()).isEqualTo(id);
    assertThat(frame.get("status").asString()).isEqualTo(status);
    assertThat(frame.get("to").asString()).isEqualTo(to);
  }

  private static String pem(KeyPair keys) {
    return "-----BEGIN PUBLIC KEY-----\n"
        + Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
            .encodeToString(keys.getPublic().getEncoded())
        + "\n-----END PUBLIC KEY-----\n";
  }
}
