package dev.parley.server.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.server.compat.SeedHttp;
import dev.parley.server.compat.SeedSocket;
import dev.parley.server.domain.presence.Presence;
import dev.parley.server.testing.Person;
import dev.parley.server.testing.PostgresExtension;
import dev.parley.server.testing.RedisExtension;
import dev.parley.server.testing.SharedRedis;
import dev.parley.server.testing.TestDatabase;
import dev.parley.server.testing.TestServer;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/// Who is online, asked from every node of two, in every dialect that tells it.
@ExtendWith({PostgresExtension.class, RedisExtension.class})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class PresenceOfNodesTest {
  private final SharedRedis redis;
  private final TestServer one;
  private final TestServer two;

  PresenceOfNodesTest(TestDatabase database, SharedRedis redis) {
    this.redis = redis;
    this.one = TestServer.start(database, Map.of("REDIS_URL", redis.url()));
    this.two = TestServer.start(database, Map.of("REDIS_URL", redis.url()));
    List.of(one, two)
        .forEach(node -> await().until(() -> body(node, "/health/ready").contains("\"ok\"")));
  }

  @AfterAll
  void stop() {
    one.close();
    two.close();
  }

  @Test
  void theMessagingServiceTellsTheSameListOnBothNodes() {
    try (var ann = messaging(one, "pann");
        var _ = messaging(two, "pbob")) {
      awaitBoth("/api/online_users", List.of("\"pann\"", "\"pbob\""), List.of());
      ann.say("{\"receiver_id\":\"pbob\",\"content\":\"over there\"}");
      assertThat(ann.nextJson().get("status").asString()).isEqualTo("delivered");
    }
    awaitBoth("/api/online_users", List.of(), List.of("\"pann\"", "\"pbob\""));
  }

  @Test
  void theWorkspaceTellsTheSameListOnBothNodes() {
    try (var ann = SeedSocket.open(one.ws().resolve("/ws/dm/wann"));
        var _ = SeedSocket.open(two.ws().resolve("/ws/dm/wbob"))) {
      awaitBoth("/api/v1/dm/connected-users", List.of("\"wann\"", "\"wbob\""), List.of());
      var http = new SeedHttp(two.http());
      http.post("/api/v1/dm/wbob/wann", "{\"content\":\"hi\"}").require(200);
      assertThat(ann.nextJson().get("content").asString()).isEqualTo("hi");
    }
    awaitBoth("/api/v1/dm/connected-users", List.of(), List.of("\"wann\"", "\"wbob\""));
  }

  @Test
  void membersOfAGoChatRoomAreOnlineOnBothNodes() {
    var ann = goChat(one);
    var bob = goChat(two);
    var room = ann.post("/rooms", "{\"name\":\"r\",\"type\":\"private\"}").require(201);
    var path = "/rooms/" + room.get("id").asString();
    var bobId = bob.get("/auth/me").require(200).get("id").asString();
    ann.post(path + "/members", "{\"user_id\":\"" + bobId + "\",\"role\":\"member\"}").require(201);
    var address = two.ws() + "/ws?token=" + bob.token() + "&room_id=" + room.get("id").asString();
    try (var _ = SeedSocket.open(URI.create(address))) {
      for (var asker : List.of(ann, bob)) {
        await().until(() -> status(asker, path, bobId).equals("online"));
      }
    }
    for (var asker : List.of(ann, bob)) {
      await().until(() -> status(asker, path, bobId).equals("offline"));
    }
  }

  private static SeedHttp goChat(TestServer node) {
    var name = "go" + UUID.randomUUID().toString().substring(0, 8);
    var body = "{\"username\":\"%s\",\"email\":\"%s@example.org\",\"password\":\"password123\"}";
    var http = new SeedHttp(node.http());
    var session = http.post("/auth/signup", body.formatted(name, name)).require(201);
    return http.with(session.get("token").asString());
  }

  private static String status(SeedHttp asker, String room, String user) {
    return asker
        .get(room + "/members")
        .require(200)
        .valueStream()
        .filter(member -> member.toString().contains(user))
        .map(member -> member.findValue("status").asString())
        .findFirst()
        .orElseThrow();
  }

  @Test
  void accountsHearOfEachOtherAndOfAWipedRedisHearNothing() {
    var ann = Person.signUp(one, "ann-" + UUID.randomUUID().toString().substring(0, 8));
    var bob = Person.signUp(two, "bob-" + UUID.randomUUID().toString().substring(0, 8));
    var org = ann.organization("Acme");
    ann.invite(org, bob);
    ann.room(org, "general", bob);
    try (var left = ann.connect().hello()) {
      left.next("live");
      try (var right = bob.connect().hello()) {
        right.next("live");
        assertThat(left.next(frame -> isAbout(frame, bob)).get("online").asBoolean()).isTrue();
        for (var asker : List.of(ann, bob)) {
          await().until(() -> isOnline(asker, org, ann) && isOnline(asker, org, bob));
        }

        redis.ask("FLUSHALL");
        await()
            .atMost(Presence.BEAT.plusSeconds(2))
            .until(() -> isOnline(ann, org, bob) && isOnline(bob, org, ann));
        assertThat(left.rest()).noneMatch(frame -> isAbout(frame, bob));
      }
      assertThat(left.next(frame -> isAbout(frame, bob)).get("online").asBoolean()).isFalse();
      assertThat(isOnline(bob, org, bob)).isFalse();
      assertThat(isOnline(bob, org, ann)).isTrue();
    }
  }

  private static boolean isAbout(JsonNode frame, Person person) {
    return frame.get("type").asString().equals("presence")
        && frame.get("user_id").asString().equals(person.id());
  }

  private static boolean isOnline(Person asker, String org, Person about) {
    var answer = asker.get("/api/v1/orgs/" + org + "/presence").require(200);
    return answer
        .get("members")
        .valueStream()
        .filter(member -> member.get("user_id").asString().equals(about.id()))
        .anyMatch(member -> member.get("online").asBoolean());
  }

  private void awaitBoth(String path, List<String> wanted, List<String> unwanted) {
    for (var node : List.of(one, two)) {
      await()
          .atMost(Duration.ofSeconds(5))
          .untilAsserted(
              () -> {
                var body = body(node, path);
                wanted.forEach(word -> assertThat(body).contains(word));
                unwanted.forEach(word -> assertThat(body).doesNotContain(word));
              });
    }
  }

  private static String body(TestServer node, String path) {
    return new SeedHttp(node.http()).get(path).body();
  }

  private static SeedSocket messaging(TestServer node, String name) {
    return SeedSocket.open(URI.create(node.ws() + "/ws?user_id=" + name));
  }
}
