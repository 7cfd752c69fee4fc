package dev.parley.server.compat.workspace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.server.compat.SeedHttp;
import dev.parley.server.compat.SeedSocket;
import dev.parley.server.gateway.websocket.ClientFrames;
import dev.parley.server.gateway.websocket.RawWebSocket;
import dev.parley.server.testing.PostgresExtension;
import dev.parley.server.testing.TestDatabase;
import dev.parley.server.testing.TestServer;
import java.io.IOException;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(PostgresExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class WorkspaceGroupSocketTest {
  private final TestDatabase database;
  private final TestServer server;
  private final SeedHttp http;

  WorkspaceGroupSocketTest(TestDatabase database) {
    this.database = database;
    this.server = TestServer.start(database, Map.of());
    this.http = new SeedHttp(server.http());
    http.post("/api/v1/orgs", "{\"id\":\"acme\",\"name\":\"Acme Corp\"}");
  }

  @AfterAll
  void stop() {
    server.close();
  }

  @Test
  void everybodyHearsAlsoTheSender() {
    group("hear");
    var before = Instant.now().minusSeconds(1);
    try (var ann = join("hear", "ann");
        var bob = join("hear", "bob")) {
      ann.say("{\"content\":\"Hello world\"}");
      var frame = bob.next();
      assertThat(frame).isEqualTo(ann.next()).endsWith("}\n");
      var json = new SeedHttp.Reply(200, "", frame).json();
      assertThat(json.propertyNames())
          .containsExactlyInAnyOrder(
              "org_id", "group_id", "client_id", "recipient_id", "content", "timestamp");
      assertThat(json.get("org_id").asString()).isEqualTo("acme");
      assertThat(json.get("group_id").asString()).isEqualTo("hear");
      assertThat(json.get("client_id").asString()).isEqualTo("ann");
      assertThat(json.get("recipient_id").asString()).isEmpty();
      assertThat(json.get("content").asString()).isEqualTo("Hello world");
      assertThat(Instant.parse(json.get("timestamp").asString()))
          .isBetween(before, Instant.now().plusSeconds(1));
    }
  }

  @Test
  void nobodySpeaksForAnother() {
    group("spoof");
    try (var ann = join("spoof", "ann")) {
      ann.say(
          """
          {"org_id":"x","group_id":"y","client_id":"bob","recipient_id":"carl",\
          "content":"hi","timestamp":"2001-01-01T00:00:00Z"}""");
      var json = ann.nextJson();
      assertThat(json.get("org_id").asString()).isEqualTo("acme");
      assertThat(json.get("group_id").asString()).isEqualTo("spoof");
      assertThat(json.get("client_id").asString()).isEqualTo("ann");
      assertThat(json.get("recipient_id").asString()).isEqualTo("carl");
      assertThat(json.get("timestamp").asString()).doesNotStartWith("2001");
    }
  }

  @Test
  void comingAndGoingIsSilentAndNothingIsReplayed() {
    group("quiet");
    broadcast("quiet", "before");
    try (var ann = join("quiet", "ann")) {
      join("quiet", "bob").close(1000);
      try (var carl = join("quiet", "carl")) {
        carl.say("{\"content\":\"first\"}");
        assertThat(ann.contents(1)).containsExactly("first");
        assertThat(carl.contents(1)).containsExactly("first");
      }
    }
  }

  @Test
  void whatIsNoMessageIsIgnored() {
    group("junk");
    try (var ann = join("junk", "ann")) {
      for (var junk : List.of("{", "", "5", "null", "[1]", "{\"content\":5}", "{\"content\":{}}")) {
        ann.say(junk);
      }
      ann.say("{\"content\":\"still here\",\"more\":[1]}");
      assertThat(ann.contents(1)).containsExactly("still here");
    }
  }

  @Test
  void anEmptyMessageIsOne() {
    group("empty");
    try (var ann = join("empty", "ann")) {
      ann.say("{}");
      ann.say("{\"content\":\"\"}");
      assertThat(ann.contents(2)).containsExactly("", "");
    }
  }

  @Test
  void binaryFramesAreReadLikeText() {
    group("binary");
    try (var ann = join("binary", "ann")) {
      ann.sayBinary("{\"content\":\"häh\"}");
      assertThat(ann.contents(1)).containsExactly("häh");
    }
  }

  @Test
  void textOfAnyKindComesBackAsItWas() {
    group("text");
    var text = "<b>&amp; ünï 日本 😀 \\\" \\\\ \\n \\u2028 tab\\t";
    try (var ann = join("text", "ann")) {
      ann.say("{\"content\":\"" + text + "\"}");
      assertThat(ann.contents(1)).containsExactly("<b>&amp; ünï 日本 😀 \" \\ \n \u2028 tab\t");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {512, 5_000, 65_000})
  void longMessagesPass(int length) {
    group("long" + length);
    try (var ann = join("long" + length, "ann")) {
      ann.say("{\"content\":\"" + "x".repeat(length) + "\"}");
      assertThat(ann.contents(1).getFirst()).hasSize(length);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {65_536, 70_000})
  void tooLongOnesEndTheConnection(int length) {
    group("huge" + length);
    try (var ann = join("huge" + length, "ann")) {
      ann.say("{\"content\":\"" + "x".repeat(length) + "\"}");
      assertThat(ann.closeCode()).isEqualTo(1009);
    }
  }

  @Test
  void pingsAreAnsweredAndClosesToo() {
    group("control");
    var ann = join("control", "ann");
    assertThat(ann.ping("are you there?")).isEqualTo("are you there?");
    assertThat(ann.close(1000)).isEqualTo(1000);
    assertThat(join("control", "bob").close(4001)).isEqualTo(4001);
  }

  @Test
  void allConnectionsOfAClientLive() {
    group("twice");
    var older = join("twice", "ann");
    try (var newer = join("twice", "ann")) {
      newer.say("{\"content\":\"one\"}");
      assertThat(older.contents(1)).containsExactly("one");
      older.close(1000);
      newer.say("{\"content\":\"two\"}");
      assertThat(newer.contents(2)).containsExactly("one", "two");
    }
  }

  @Test
  void groupsDoNotHearEachOther() {
    group("here");
    group("there");
    try (var here = join("here", "ann");
        var there = join("there", "bob")) {
      here.say("{\"content\":\"only here\"}");
      assertThat(here.contents(1)).containsExactly("only here");
      there.say("{\"content\":\"only there\"}");
      assertThat(there.contents(1)).containsExactly("only there");
    }
  }

  @Test
  void broadcastsAreHeard() {
    group("cast");
    try (var ann = join("cast", "ann")) {
      broadcast("cast", "to the group");
      var toGroup = ann.nextJson();
      assertThat(toGroup.get("content").asString()).isEqualTo("to the group");
      assertThat(toGroup.get("group_id").asString()).isEqualTo("cast");
      assertThat(toGroup.get("client_id").asString()).isEmpty();
      http.post("/api/v1/orgs/acme/broadcast", "{\"content\":\"to all\",\"client_id\":\"boss\"}");
      var toAll = ann.nextJson();
      assertThat(toAll.get("content").asString()).isEqualTo("to all");
      assertThat(toAll.get("org_id").asString()).isEqualTo("acme");
      assertThat(toAll.get("group_id").asString()).isEmpty();
      assertThat(toAll.get("client_id").asString()).isEqualTo("boss");
    }
  }

  @Test
  void whatIsSaidIsKept() {
    group("kept");
    try (var ann = join("kept", "ann")) {
      ann.say("{\"content\":\"hello\",\"recipient_id\":\"bob\"}");
      ann.next();
    }
    var messages = http.get("/api/v1/orgs/acme/groups/kept/messages").json().get("messages");
    assertThat(messages).hasSize(1);
    assertThat(messages.get(0).get("client_id").asString()).isEqualTo("ann");
    assertThat(messages.get(0).get("recipient_id").asString()).isEqualTo("bob");
  }

  @ParameterizedTest
  @ValueSource(ints = {2_000, 20_000})
  void aBurstComesWholeAndInOrder(int count) throws IOException {
    group("burst" + count);
    var burst = new ClientFrames();
    for (int i = 0; i < count; i++) {
      burst.text("{\"content\":\"" + i + "\"}");
    }
    var address = address("burst" + count, "ann");
    try (var bob = join("burst" + count, "bob");
        var ann = new RawWebSocket(address.getPort())) {
      ann.open(address.getPath() + "?" + address.getQuery()).send(burst);
      // First, because it is she who is told why if something is not kept.
      for (int i = 0; i < count; i++) {
        assertThat(ann.frame()).contains("\"content\":\"" + i + "\"");
      }
      assertThat(bob.contents(count)).isEqualTo(numbers(count));
    }
  }

  /// What they say is more than all buffers between the server and a client that reads nothing
  /// hold.
  @Test
  void whoNeverReadsIsHeardAllTheSame() throws IOException {
    group("deaf");
    int speakers = 8;
    int each = 2_500;
    var burst = new ClientFrames();
    for (int i = 0; i < each; i++) {
      burst.text("{\"content\":\"" + i + " " + "x".repeat(300) + "\"}");
    }
    var sockets = new ArrayList<RawWebSocket>();
    try (var bob = join("deaf", "bob")) {
      for (int i = 0; i < speakers; i++) {
        var address = address("deaf", "s" + i);
        sockets.add(new RawWebSocket(address.getPort()));
        sockets.get(i).open(address.getPath() + "?" + address.getQuery()).send(burst);
      }
      var bySender = new HashMap<String, List<String>>();
      for (int i = 0; i < speakers * each; i++) {
        var message = bob.nextJson();
        bySender
            .computeIfAbsent(message.get("client_id").asString(), id -> new ArrayList<>())
            .add(message.get("content").asString().split(" ")[0]);
      }
      assertThat(bySender).hasSize(speakers);
      assertThat(bySender.values()).allMatch(numbers(each)::equals);
    } finally {
      for (var socket : sockets) {
        socket.close();
      }
    }
  }

  @Test
  void theOrderOfEachSenderIsKept() {
    group("many");
    int senders = 5;
    int each = 200;
    var sockets = new ArrayList<SeedSocket>();
    try (var ear = join("many", "ear")) {
      for (int i = 0; i < senders; i++) {
        sockets.add(join("many", "s" + i));
      }
      for (int n = 0; n < each; n++) {
        for (var socket : sockets) {
          socket.say("{\"content\":\"" + n + "\"}");
        }
      }
      var bySender = new HashMap<String, List<String>>();
      for (int i = 0; i < senders * each; i++) {
        var frame = ear.nextJson();
        bySender
            .computeIfAbsent(frame.get("client_id").asString(), key -> new ArrayList<>())
            .add(frame.get("content").asString());
      }
      assertThat(bySender).hasSize(senders);
      assertThat(bySender.values()).allMatch(numbers(each)::equals);
    } finally {
      sockets.forEach(SeedSocket::close);
    }
  }

  @Test
  void aSlowReaderMissesNothing() {
    group("slow");
    int count = 4_000;
    var padding = "y".repeat(2_000);
    try (var slow = SeedSocket.openDeaf(address("slow", "slow"));
        var ann = join("slow", "ann")) {
      for (int i = 0; i < count; i++) {
        ann.say("{\"content\":\"" + i + "\",\"recipient_id\":\"" + padding + "\"}");
      }
      assertThat(ann.contents(count)).isEqualTo(numbers(count));
      slow.read(Long.MAX_VALUE);
      assertThat(slow.contents(count)).isEqualTo(numbers(count));
    }
  }

  // ---- handshake

  @Test
  void aNameIsRequiredFirst() {
    refused("/ws/orgs/acme/groups/none", 400, "clientId query parameter is required");
    refused("/ws/orgs/acme/groups/none?clientId=", 400, "clientId query parameter is required");
  }

  @Test
  void theGroupMustExist() {
    refused("/ws/orgs/acme/groups/none?clientId=a", 404, "Organization or group not found");
    refused("/ws/orgs/none/groups/none?clientId=a", 404, "Organization or group not found");
    refused("/ws/orgs/dm/groups/a_b?clientId=a", 404, "Organization or group not found");
  }

  @Test
  void whatIsNoUpgradeIsABadRequest() {
    group("plain");
    refused("/ws/orgs/acme/groups/plain?clientId=a", 400, "Bad Request");
  }

  @Test
  void aNameThatCannotBeKeptIsRefused() {
    group("names");
    assertThat(http.get("/ws/orgs/acme/groups/names?clientId=" + "n".repeat(129)).status())
        .isEqualTo(400);
    assertThat(http.get("/ws/orgs/acme/groups/names?clientId=%00").status()).isEqualTo(400);
  }

  @Test
  void aSwitchCreatesWhatIsJoined() {
    try (var lenient = TestServer.start(database, Map.of("COMPAT_AUTO_CREATE", "on"))) {
      var address = URI.create(lenient.ws() + "/ws/orgs/fresh/groups/new?clientId=ann");
      try (var ann = SeedSocket.open(address);
          var bob = SeedSocket.open(address)) {
        bob.say("{\"content\":\"hi\"}");
        assertThat(ann.contents(1)).containsExactly("hi");
      }
    }
    assertThat(http.get("/api/v1/orgs/fresh/groups").body())
        .isEqualTo("[{\"id\":\"new\",\"name\":\"new\"}]");
  }

  @Test
  void aSwitchCreatesWhatHasAnIdAsLongAsIdsMayBe() {
    var id = "i".repeat(128);
    try (var lenient = TestServer.start(database, Map.of("COMPAT_AUTO_CREATE", "on"));
        var ann =
            SeedSocket.open(
                URI.create(
                    "%s/ws/orgs/%s/groups/%s?clientId=ann".formatted(lenient.ws(), id, id)))) {
      ann.say("{\"content\":\"hi\"}");
      assertThat(ann.contents(1)).containsExactly("hi");
    }
  }

  @Test
  void aStopIsAGoodbye() {
    group("stop");
    var other = TestServer.start(database, Map.of());
    try (var ann =
        SeedSocket.open(URI.create(other.ws() + "/ws/orgs/acme/groups/stop?clientId=ann"))) {
      ann.say("{\"content\":\"kept\"}");
      ann.next();
      other.close();
      assertThat(ann.closeCode()).isIn(1001, 1012);
    }
  }

  private void refused(String path, int status, String text) {
    var reply = http.get(path);
    assertThat(reply.status()).isEqualTo(status);
    assertThat(reply.error()).isEqualTo(text);
  }

  private void group(String id) {
    var body = "{\"id\":\"%s\",\"name\":\"%s\"}".formatted(id, id);
    assertThat(http.post("/api/v1/orgs/acme/groups", body).status()).isEqualTo(201);
  }

  private void broadcast(String group, String content) {
    http.post(
        "/api/v1/orgs/acme/groups/" + group + "/broadcast", "{\"content\":\"" + content + "\"}");
  }

  private SeedSocket join(String group, String client) {
    return SeedSocket.open(address(group, client));
  }

  private URI address(String group, String client) {
    return URI.create(server.ws() + "/ws/orgs/acme/groups/" + group + "?clientId=" + client);
  }

  private static List<String> numbers(int count) {
    return IntStream.range(0, count).mapToObj(Integer::toString).toList();
  }
}
