package dev.parley.server.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.server.testing.NativeSocket;
import dev.parley.server.testing.Person;
import dev.parley.server.testing.PostgresExtension;
import dev.parley.server.testing.RedisExtension;
import dev.parley.server.testing.SharedRedis;
import dev.parley.server.testing.TestDatabase;
import dev.parley.server.testing.TestServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/// Two whole nodes on one PostgreSQL and one Redis, from outside.
@ExtendWith({PostgresExtension.class, RedisExtension.class})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ManyNodesTest {
  /// What the protocol promises for the time without Redis (C9).
  private static final Duration WITHOUT_REDIS = Duration.ofMillis(1_500);

  private final SharedRedis redis;
  private final TestServer one;
  private final TestServer two;
  private Person ann;
  private Person bob;
  private String room;

  ManyNodesTest(TestDatabase database, SharedRedis redis) {
    this.redis = redis;
    this.one = TestServer.start(database, Map.of("REDIS_URL", redis.url()));
    this.two = TestServer.start(database, Map.of("REDIS_ADDR", "127.0.0.1:" + redis.port()));
  }

  @BeforeEach
  void meet() {
    awaitRedis("ok");
    ann = Person.signUp(one, "ann-" + UUID.randomUUID().toString().substring(0, 8));
    bob = Person.signUp(two, "bob-" + UUID.randomUUID().toString().substring(0, 8));
    var org = ann.organization("Acme");
    ann.invite(org, bob);
    room = ann.room(org, "general", bob);
  }

  @AfterAll
  void stop() {
    one.close();
    two.close();
  }

  @Test
  void membersOnBothNodesSeeOneOrder() {
    try (var left = ann.connect().hello();
        var right = bob.connect().hello()) {
      left.next("live");
      right.next("live");
      for (int i = 1; i <= 100; i++) {
        say(left, "left " + i);
        say(right, "right " + i);
      }
      var onOne = messages(left, 200);
      var onTwo = messages(right, 200);

      assertThat(onOne).isEqualTo(onTwo);
      assertThat(onOne).doesNotHaveDuplicates().hasSize(200);
    }
  }

  @Test
  void anyNodeServesAnyCursor() {
    for (int i = 1; i <= 30; i++) {
      post(ann, "number " + i);
    }
    try (var first = open(one, bob).hello()) {
      first.next("live");
    }
    var events = ann.get("/api/v1/rooms/" + room + "/events?after=0&limit=500").require(200);
    var epoch = ann.get("/api/v1/rooms/" + room).require(200).get("epoch").asString();
    assertThat(events.get("events")).isNotEmpty();
    try (var elsewhere =
        open(two, bob).hello(Map.of("rooms", Map.of(room, Map.of("epoch", epoch, "pos", 10))))) {
      var replayed =
          elsewhere.until("live").stream()
              .filter(frame -> frame.get("type").asString().equals("message"))
              .map(frame -> frame.get("pos").asLong())
              .toList();
      assertThat(replayed).isSorted().doesNotHaveDuplicates().hasSizeGreaterThan(20);
      assertThat(replayed.getFirst()).isEqualTo(11);
    }
  }

  @Test
  void withoutRedisOtherNodesCatchUpFromTheDatabase() {
    try (var right = bob.connect().hello()) {
      right.next("live");
      post(ann, "with redis");
      next(right, "with redis");

      redis.kill();
      for (int i = 1; i <= 5; i++) {
        post(ann, "without redis " + i);
        long sent = System.nanoTime();
        next(right, "without redis " + i);
        assertThat(Duration.ofNanos(System.nanoTime() - sent)).isLessThan(WITHOUT_REDIS);
      }
      awaitRedis("degraded");
      assertThat(status(one, "/health/ready")).isEqualTo(200);

      redis.startAgain();
      awaitRedis("ok");
      post(ann, "redis is back");
      next(right, "redis is back");
    } finally {
      awaitRedis("ok");
    }
  }

  @Test
  void theFirstMessageAfterASilentStartIsNotLost() {
    redis.kill();
    try (var right = bob.connect().hello()) {
      right.next("live");
      post(ann, "nobody told you");
      next(right, "nobody told you");
    } finally {
      redis.startAgain();
      awaitRedis("ok");
    }
  }

  @Test
  void whoIsSentAwayIsGoneOnTheOtherNodeToo() {
    try (var right = bob.connect().hello()) {
      right.next("live");
      ann.delete("/api/v1/rooms/" + room + "/members/" + bob.id()).require(204);
      assertThat(right.next("reset").get("reason").asString()).isEqualTo("access");
    }
  }

  @Test
  void whoIsSentAwayWithoutRedisIsGoneOnTheOtherNodeToo() {
    try (var right = bob.connect().hello()) {
      right.next("live");
      redis.kill();
      ann.delete("/api/v1/rooms/" + room + "/members/" + bob.id()).require(204);
      post(ann, "without bob");
      assertThat(right.next("reset").get("reason").asString()).isEqualTo("access");
      assertThat(right.rest()).noneMatch(frame -> frame.get("type").asString().equals("message"));
    } finally {
      redis.startAgain();
      awaitRedis("ok");
    }
  }

  @Test
  void aNewRoomIsHeardOfOnTheOtherNodeWithoutRedis() {
    try (var right = bob.connect().hello()) {
      right.next("live");
      redis.kill();
      var org = ann.organization("Other");
      ann.invite(org, bob);
      var other = ann.room(org, "later", bob);
      assertThat(right.next("room_joined").get("room_id").asString()).isEqualTo(other);
    } finally {
      redis.startAgain();
      awaitRedis("ok");
    }
  }

  @Test
  void aSignOutClosesTheSocketsOfTheOtherNode() {
    try (var right = open(two, ann).hello()) {
      right.next("live");
      ann.post("/api/v1/auth/logout", Map.of()).require(204);
      assertThat(right.closeCode()).isEqualTo(4401);
    }
  }

  @Test
  void aSignOutWithoutRedisClosesThemWithinASecondOrTwo() {
    try (var right = open(two, ann).hello()) {
      right.next("live");
      redis.kill();
      ann.post("/api/v1/auth/logout", Map.of()).require(204);
      long begin = System.nanoTime();
      assertThat(right.closeCode()).isEqualTo(4401);
      assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(WITHOUT_REDIS);
    } finally {
      redis.startAgain();
      awaitRedis("ok");
    }
  }

  @Test
  void whoOnlyLooksIsTurnedAwayOnTheOtherNodeWithoutRedisToo() {
    var sentAway = open("Away");
    var guest = open("Guest");
    var banned = open("Banned");
    try (var left = ann.connect().hello()) {
      var looking = new HashMap<String, Object>();
      for (var line : left.next("inbox").get("rooms")) {
        looking.put(
            line.get("room_id").asString(),
            Map.of("epoch", line.get("epoch").asString(), "pos", 0));
      }
      try (var right = bob.connect().hello(Map.of("rooms", looking))) {
        right.next("live");
        redis.kill();
        ann.delete("/api/v1/orgs/" + sentAway.org() + "/members/" + bob.id()).require(204);
        mayNotLookAnyMore(right, sentAway);
        ann.patch("/api/v1/orgs/" + guest.org() + "/members/" + bob.id(), Map.of("role", "guest"))
            .require(204);
        mayNotLookAnyMore(right, guest);
        ann.post("/api/v1/rooms/" + banned.room() + "/bans/" + bob.id(), Map.of()).require(204);
        mayNotLookAnyMore(right, banned);
      } finally {
        redis.startAgain();
        awaitRedis("ok");
      }
    }
  }

  private static void mayNotLookAnyMore(NativeSocket socket, Open open) {
    long begin = System.nanoTime();
    var reset = socket.next("reset");
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(WITHOUT_REDIS);
    assertThat(reset.get("reason").asString()).isEqualTo("access");
    assertThat(reset.get("room_id").asString()).isEqualTo(open.room());
  }

  /// An organization with both, and a public room of it that Bob is no member of.
  private Open open(String name) {
    var org = ann.organization(name);
    ann.invite(org, bob);
    var created =
        ann.post("/api/v1/orgs/" + org + "/rooms", Map.of("name", "open", "kind", "public"));
    return new Open(org, created.require(201).get("room_id").asString());
  }

  private record Open(String org, String room) {}

  @Test
  void groupsOfTheFirstSeedHearEachOtherOverBothNodes() throws Exception {
    var org = "o" + UUID.randomUUID().toString().substring(0, 8);
    open(one, "/api/v1/orgs", "{\"id\":\"%s\",\"name\":\"Acme\"}".formatted(org));
    open(one, "/api/v1/orgs/" + org + "/groups", "{\"id\":\"g\",\"name\":\"G\"}");
    var path = "/ws/orgs/" + org + "/groups/g?clientId=";
    try (var left = NativeSocket.open(one.ws().resolve(path + "ann"));
        var right = NativeSocket.open(two.ws().resolve(path + "bob"))) {
      for (int i = 1; i <= 50; i++) {
        left.sendText("{\"content\":\"left " + i + "\"}");
        right.sendText("{\"content\":\"right " + i + "\"}");
      }
      var onOne = contents(left, 100);
      assertThat(contents(right, 100)).isEqualTo(onOne);

      // The history stands in Redis as operators know it, and both nodes answer from it alike.
      var key = "messages:" + org + ":g";
      var history = "/api/v1/orgs/" + org + "/groups/g/messages?limit=100";
      await().until(() -> redis.ask("ZCARD", key).equals(":100\r\n"));
      assertThat(redis.ask("TTL", key)).matches(":604(800|79\\d)\r\n");
      assertThat(redis.ask("ZREVRANGE", key, "0", "0")).contains("{\"pos\":\"");
      var shown = get(one, history).body();
      assertThat(get(two, history).body()).isEqualTo(shown);
      var said =
          new ArrayList<>(
              java.util.regex.Pattern.compile("\"content\":\"([^\"]*)\"")
                  .matcher(shown)
                  .results()
                  .map(found -> found.group(1))
                  .toList());
      assertThat(said.reversed()).isEqualTo(onOne);

      // What is wiped, thinned out or mixed with foreign lines is not believed.
      redis.ask("ZREMRANGEBYRANK", key, "40", "60");
      assertThat(get(one, history).body()).isEqualTo(shown);
      await().until(() -> redis.ask("ZCARD", key).equals(":100\r\n"));
      redis.ask("ZADD", key, "9999999999", "foreign");
      assertThat(get(one, history).body()).isEqualTo(shown);
      redis.ask("FLUSHALL");
      assertThat(get(one, history).body()).isEqualTo(shown);
      await().until(() -> redis.ask("ZCARD", key).equals(":100\r\n"));
      assertThat(get(two, history).body()).isEqualTo(shown);
      redis.kill();
      assertThat(get(two, history).body()).isEqualTo(shown);
    } finally {
      if (redis.isGone()) {
        redis.startAgain();
        awaitRedis("ok");
      }
    }
  }

  private static void open(TestServer node, String path, String body) throws Exception {
    try (var http = HttpClient.newHttpClient()) {
      var request =
          HttpRequest.newBuilder(URI.create(node.http() + path))
              .POST(HttpRequest.BodyPublishers.ofString(body))
              .build();
      assertThat(http.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(201);
    }
  }

  private static List<String> contents(NativeSocket socket, int count) {
    var all = new ArrayList<String>();
    while (all.size() < count) {
      all.add(socket.next().get("content").asString());
    }
    return all;
  }

  private void post(Person who, String content) {
    who.post("/api/v1/rooms/" + room + "/messages", Map.of("content", content)).require(201);
  }

  private void say(NativeSocket socket, String content) {
    var command = new HashMap<String, Object>(Map.of("type", "message", "id", 9));
    command.put("room_id", room);
    command.put("op", UUID.randomUUID().toString());
    command.put("content", content);
    socket.send(command);
  }

  private static void next(NativeSocket socket, String content) {
    socket.next(
        frame ->
            frame.get("type").asString().equals("message")
                && frame.get("content").asString().equals(content));
  }

  private static List<String> messages(NativeSocket socket, int count) {
    var all = new ArrayList<String>();
    while (all.size() < count) {
      var frame = socket.next("message");
      all.add(frame.get("pos").asLong() + " " + frame.get("content").asString());
    }
    return all;
  }

  private static NativeSocket open(TestServer node, Person who) {
    return NativeSocket.open(node.ws().resolve("/ws?token=" + who.token()));
  }

  /// Waits until both nodes tell this of their health.
  private void awaitRedis(String status) {
    var wanted = "\"status\":\"" + status + "\"";
    for (var node : List.of(one, two)) {
      await().until(() -> get(node, "/health/ready").body().contains(wanted));
    }
  }

  private static int status(TestServer node, String path) {
    return get(node, path).statusCode();
  }

  private static java.net.http.HttpResponse<String> get(TestServer node, String path) {
    try (var http = HttpClient.newHttpClient()) {
      var request = HttpRequest.newBuilder(URI.create(node.http() + path));
      return http.send(
          request.header("Accept", "application/json").build(), BodyHandlers.ofString());
    } catch (java.io.IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
