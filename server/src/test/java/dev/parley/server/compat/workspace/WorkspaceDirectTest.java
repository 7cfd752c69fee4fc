package dev.parley.server.compat.workspace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.server.compat.SeedHttp;
import dev.parley.server.compat.SeedSocket;
import dev.parley.server.testing.PostgresExtension;
import dev.parley.server.testing.TestDatabase;
import dev.parley.server.testing.TestServer;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

@ExtendWith(PostgresExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class WorkspaceDirectTest {
  private final TestServer server;
  private final SeedHttp http;

  WorkspaceDirectTest(TestDatabase database) {
    this.server = TestServer.start(database, Map.of());
    this.http = new SeedHttp(server.http());
  }

  @AfterAll
  void stop() {
    server.close();
  }

  @Test
  void theVeryFirstMessageArrives() {
    var before = Instant.now().minusSeconds(1);
    try (var bob = connect("bob1");
        var ann = connect("ann1")) {
      ann.say("{\"content\":\"hi bob\",\"recipient_id\":\"bob1\"}");
      var frame = bob.nextJson();
      assertThat(frame.get("org_id").asString()).isEmpty();
      assertThat(frame.get("group_id").asString()).isEmpty();
      assertThat(frame.get("client_id").asString()).isEqualTo("ann1");
      assertThat(frame.get("recipient_id").asString()).isEqualTo("bob1");
      assertThat(frame.get("content").asString()).isEqualTo("hi bob");
      assertThat(Instant.parse(frame.get("timestamp").asString()))
          .isBetween(before, Instant.now().plusSeconds(1));
    }
  }

  @Test
  void theSenderHearsNoEchoButTheAnswer() {
    try (var bob = connect("bob2");
        var ann = connect("ann2")) {
      ann.say("{\"content\":\"question\",\"recipient_id\":\"bob2\"}");
      bob.next();
      bob.say("{\"content\":\"answer\",\"recipient_id\":\"ann2\"}");
      assertThat(ann.contents(1)).containsExactly("answer");
      ann.say("{\"content\":\"thanks\",\"recipient_id\":\"bob2\"}");
      assertThat(bob.contents(1)).containsExactly("thanks");
    }
  }

  @Test
  void bothPathsAreTheSame() {
    try (var readme = SeedSocket.open(URI.create(server.ws() + "/ws/dm?clientId=bob3"));
        var code = SeedSocket.open(URI.create(server.ws() + "/ws/dm/bob3"));
        var ann = connect("ann3")) {
      ann.say("{\"content\":\"to all of you\",\"recipient_id\":\"bob3\"}");
      assertThat(readme.contents(1)).containsExactly("to all of you");
      assertThat(code.contents(1)).containsExactly("to all of you");
    }
  }

  @Test
  void aRoomThatExistsIsHeardFromNowOn() {
    send("ann4", "bob4", "before");
    try (var bob = connect("bob4")) {
      send("ann4", "bob4", "after");
      assertThat(bob.contents(1)).containsExactly("after");
    }
  }

  @Test
  void whoWritesToThemselvesHearsIt() {
    try (var ann = connect("self");
        var again = connect("self")) {
      ann.say("{\"content\":\"note\",\"recipient_id\":\"self\"}");
      assertThat(ann.contents(1)).containsExactly("note");
      assertThat(again.contents(1)).containsExactly("note");
    }
    try (var later = connect("self")) {
      later.say("{\"content\":\"second note\",\"recipient_id\":\"self\"}");
      assertThat(later.contents(1)).containsExactly("second note");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"{\"content\":\"to nobody\"}", "{\"content\":\"x\",\"recipient_id\":\"\"}", "{"})
  void whatIsForNobodyIsIgnored(String frame) {
    try (var ann = connect("ann6")) {
      ann.say(frame);
      ann.say("{\"content\":\"to me\",\"recipient_id\":\"ann6\"}");
      assertThat(ann.contents(1)).containsExactly("to me");
    }
  }

  @Test
  void whatTheClientSaysOfOrganizationAndGroupPasses() {
    try (var bob = connect("bob7");
        var ann = connect("ann7")) {
      ann.sayBinary(
          """
          {"content":"hi","recipient_id":"bob7","client_id":"eve","org_id":"o","group_id":"g"}""");
      var frame = bob.nextJson();
      assertThat(frame.get("client_id").asString()).isEqualTo("ann7");
      assertThat(frame.get("org_id").asString()).isEqualTo("o");
      assertThat(frame.get("group_id").asString()).isEqualTo("g");
    }
  }

  @Test
  void longMessagesPass() {
    try (var bob = connect("bob8");
        var ann = connect("ann8")) {
      ann.say("{\"content\":\"" + "z".repeat(5_000) + "\",\"recipient_id\":\"bob8\"}");
      assertThat(bob.contents(1).getFirst()).hasSize(5_000);
    }
  }

  @Test
  void manyPartnersAndManyMessagesKeepTheirOrder() {
    try (var bob = connect("bob9")) {
      var senders = new ArrayList<SeedSocket>();
      for (int i = 0; i < 5; i++) {
        senders.add(connect("friend" + i));
      }
      for (int n = 0; n < 50; n++) {
        for (var sender : senders) {
          sender.say("{\"content\":\"" + n + "\",\"recipient_id\":\"bob9\"}");
        }
      }
      var seen = new int[5];
      for (int i = 0; i < 250; i++) {
        var frame = bob.nextJson();
        int sender = frame.get("client_id").asString().charAt(6) - '0';
        assertThat(frame.get("content").asString()).isEqualTo(Integer.toString(seen[sender]++));
      }
      senders.forEach(SeedSocket::close);
    }
  }

  @Test
  void aGroupSocketHearsNoDirectMessages() {
    http.post("/api/v1/orgs", "{\"id\":\"o10\",\"name\":\"O\"}");
    http.post("/api/v1/orgs/o10/groups", "{\"id\":\"g\",\"name\":\"G\"}");
    var address = URI.create(server.ws() + "/ws/orgs/o10/groups/g?clientId=bob10");
    try (var group = SeedSocket.open(address);
        var direct = connect("bob10")) {
      send("ann10", "bob10", "private");
      assertThat(direct.contents(1)).containsExactly("private");
      group.say("{\"content\":\"public\"}");
      assertThat(group.contents(1)).containsExactly("public");
    }
  }

  // ---- REST

  @Test
  void whetherTheRecipientIsThereIsTold() {
    try (var bob = connect("bob11")) {
      var reply = http.post("/api/v1/dm/ann11/bob11", "{\"content\":\"hello\"}");
      assertThat(reply.status()).isEqualTo(200);
      assertThat(reply.body()).isEqualTo("{\"status\":\"Direct message sent\"}");
      var frame = bob.nextJson();
      assertThat(frame.get("client_id").asString()).isEqualTo("ann11");
      assertThat(frame.get("content").asString()).isEqualTo("hello");
      bob.close(1000);
    }
    Awaitility.await()
        .until(() -> !http.get("/api/v1/dm/connected-users").body().contains("bob11"));
    var offline = http.post("/api/v1/dm/ann11/bob11", "{\"content\":\"are you there?\"}");
    assertThat(offline.status()).isEqualTo(404);
    assertThat(offline.error()).isEqualTo("Recipient not connected");
    assertThat(contents(history("ann11", "bob11"))).containsExactly("are you there?", "hello");
  }

  @Test
  void aMalformedBodyIsRefused() {
    var reply = http.post("/api/v1/dm/a/b", "{");
    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.error()).isEqualTo("Invalid message format");
  }

  @Test
  void theHistoryIsThatOfBoth() {
    for (int i = 0; i < 103; i++) {
      send(i % 2 == 0 ? "ann13" : "bob13", i % 2 == 0 ? "bob13" : "ann13", Integer.toString(i));
    }
    var history = history("ann13", "bob13");
    assertThat(history).isEqualTo(history("bob13", "ann13"));
    assertThat(contents(history))
        .isEqualTo(
            IntStream.iterate(102, i -> i > 2, i -> i - 1).mapToObj(Integer::toString).toList());
    assertThat(history.get(0).get("client_id").asString()).isEqualTo("ann13");
    assertThat(history.get(0).get("recipient_id").asString()).isEqualTo("bob13");
    assertThat(history("ann13", "nobody")).isEmpty();
  }

  @Test
  void pairsAreNotConfused() {
    send("a_b", "c", "first pair");
    send("a", "b_c", "second pair");
    send("a:1", "b", "third pair");
    assertThat(contents(history("a_b", "c"))).containsExactly("first pair");
    assertThat(contents(history("a", "b_c"))).containsExactly("second pair");
    assertThat(history("a", "1:b")).isEmpty();
  }

  @Test
  void directMessagesAreNoOrganizationOfTheClients() {
    send("ann15", "bob15", "secret");
    assertThat(http.get("/api/v1/orgs").body()).doesNotContain("Direct messages");
    for (var org : List.of("dm", "ws.dm", ".dm")) {
      assertThat(http.get("/api/v1/orgs/" + org + "/groups").status()).isEqualTo(404);
    }
  }

  @Test
  void whoIsConnectedIsListed() {
    try (var one = connect("zoe16");
        var two = connect("zoe16")) {
      var list = http.get("/api/v1/dm/connected-users").json();
      assertThat(list.get("count").asInt()).isEqualTo(list.get("connected_users").size());
      assertThat(list.get("connected_users").toString()).containsOnlyOnce("zoe16");
      one.close(1000);
      assertThat(two.ping("x")).isEqualTo("x");
      assertThat(http.get("/api/v1/dm/connected-users").body()).contains("zoe16");
    }
  }

  @Test
  void theHandshakeNeedsANameAndAnUpgrade() {
    for (var path : List.of("/ws/dm", "/ws/dm?clientId=", "/ws/dm/")) {
      var reply = http.get(path);
      assertThat(reply.status()).isEqualTo(400);
      assertThat(reply.error()).isEqualTo("clientId query parameter is required");
    }
    assertThat(http.get("/ws/dm?clientId=a").error()).isEqualTo("Bad Request");
    assertThat(http.get("/ws/dm/a").error()).isEqualTo("Bad Request");
  }

  private SeedSocket connect(String client) {
    return SeedSocket.open(URI.create(server.ws() + "/ws/dm/" + client));
  }

  private void send(String from, String to, String content) {
    http.post("/api/v1/dm/" + from + "/" + to, "{\"content\":\"" + content + "\"}");
  }

  private JsonNode history(String one, String other) {
    return http.get("/api/v1/dm/" + one + "/" + other + "/history").json();
  }

  private static List<String> contents(JsonNode messages) {
    var contents = new ArrayList<String>();
    messages.forEach(message -> contents.add(message.get("content").asString()));
    return contents;
  }
}
