package dev.parley.server.compat.gochat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.server.compat.SeedHttp;
import dev.parley.server.compat.SeedSocket;
import dev.parley.server.compat.SeedToken;
import dev.parley.server.testing.Outage;
import dev.parley.server.testing.PostgresExtension;
import dev.parley.server.testing.RedisExtension;
import dev.parley.server.testing.SharedRedis;
import dev.parley.server.testing.TestDatabase;
import dev.parley.server.testing.TestServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/// The third seed's clients when the server is several nodes, is in trouble, or shares its secret.
@ExtendWith({PostgresExtension.class, RedisExtension.class})
@Timeout(120)
final class GoChatServerTest {
  private static final String SECRET = "a secret that two programs share, long enough";
  private static final String UUID = "0199a3c7-4a55-7d10-9e8f-7a6b5c4d3e2f";

  @Test
  void twoNodesAreOneServer(TestDatabase database, SharedRedis redis) {
    var settings = Map.of("REDIS_URL", redis.url());
    try (var one = TestServer.start(database, settings);
        var two = TestServer.start(database, settings)) {
      var alice = Chatter.signUp(one, "alice");
      var bob = Chatter.signUp(two, "bob");
      var room = alice.room("public");
      try (var a = alice.connect(room)) {
        assertThat(a.nextJson().get("type").asString()).isEqualTo("join");
        try (var b = bob.connect(room)) {
          upTo(a, "join", bob);
          b.say("{\"type\":\"message\",\"content\":\"from the other node\"}");
          assertThat(upTo(a, "message", bob).get("content").asString())
              .isEqualTo("from the other node");
          a.say("{\"type\":\"typing\"}");
          upTo(b, "typing", alice);
        }
        upTo(a, "leave", bob);
      }
    }
  }

  private static JsonNode upTo(SeedSocket socket, String type, Chatter who) {
    var frame = socket.nextJson();
    while (!frame.get("type").asString().equals(type)
        || !frame.get("user_id").asString().equals(who.id())) {
      frame = socket.nextJson();
    }
    return frame;
  }

  @Test
  void whoAsksTooOftenIsToldWhenToComeBack(TestDatabase database)
      throws IOException, InterruptedException {
    try (var server = TestServer.start(database, Map.of("RATE_REQUESTS", "1/m:3"));
        var http = HttpClient.newHttpClient()) {
      var fay = Chatter.signUp(server, "fay");
      for (int i = 0; i < 3; i++) {
        fay.http().get("/rooms").require(200);
      }
      var answer =
          http.send(
              HttpRequest.newBuilder(server.http().resolve("/rooms"))
                  .header("Authorization", "Bearer " + fay.token())
                  .build(),
              BodyHandlers.ofString());
      assertThat(answer.statusCode()).isEqualTo(429);
      assertThat(answer.body()).contains("\"error\":\"Too many requests\"");
      assertThat(answer.headers().firstValueAsLong("Retry-After").orElseThrow()).isPositive();
    }
  }

  @Test
  void tokensOfAnotherServerWithTheSameSecretAreGood(TestDatabase database) {
    try (var server = TestServer.start(database, Map.of("JWT_SECRET", SECRET))) {
      var claims =
          "{\"user_id\":\"%s\",\"username\":\"zoe\",\"iss\":\"gochat\",\"iat\":1,\"exp\":4102444800}"
              .formatted(UUID);
      var http = new SeedHttp(server.http());
      var zoe = new Chatter(server, "zoe", UUID, http.with(SeedToken.hs256(SECRET, claims)), null);
      assertThat(zoe.http().get("/auth/me").require(200).get("username").asString())
          .isEqualTo("zoe");
      try (var socket = zoe.connect(zoe.room("private"))) {
        assertThat(socket.nextJson().get("user_id").asString()).isEqualTo(UUID);
      }
      assertThat(http.get("/ws?token=" + zoe.token()).error()).isEqualTo("Missing room_id");
      var forged = SeedToken.hs256(SECRET + "?", claims);
      assertThat(http.with(forged).get("/rooms").status()).isEqualTo(401);
      assertThat(http.with(SeedToken.unsigned(claims)).get("/rooms").status()).isEqualTo(401);
    }
  }

  @Test
  void nothingIsSwallowedWhileTheDatabaseIsAway(TestDatabase database) throws SQLException {
    try (var server = TestServer.start(database, Map.of())) {
      var ellen = Chatter.signUp(server, "ellen");
      var room = ellen.room("public");
      try (var speaker = ellen.connect(room);
          var silent = ellen.connect(room)) {
        speaker.say("{\"type\":\"message\",\"content\":\"before\"}");
        upTo(silent, "message", ellen);
        try (var _ = new Outage(database)) {
          assertThat(ellen.http().get("/rooms").status()).isEqualTo(503);
          assertThat(ellen.http().get(path(ellen.address(room))).error()).isNotEmpty();
          await()
              .pollInterval(Duration.ofMillis(100))
              .until(() -> !speaker.trySay("{\"type\":\"message\",\"content\":\"meanwhile\"}"));
          assertThat(speaker.closeCode()).isEqualTo(1013);
          silent.say("{\"type\":\"typing\"}");
          assertThat(silent.ping("still here?")).isEqualTo("still here?");
        }
        await()
            .atMost(Duration.ofSeconds(30))
            .until(() -> ellen.http().get("/rooms").status() == 200);
      }
    }
  }

  private static String path(URI address) {
    return address.getPath() + "?" + address.getQuery();
  }
}
