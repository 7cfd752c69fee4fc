package dev.parley.server.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.server.compat.SeedHttp;
import dev.parley.server.compat.SeedSocket;
import dev.parley.server.testing.Person;
import dev.parley.server.testing.PostgresExtension;
import dev.parley.server.testing.TestDatabase;
import dev.parley.server.testing.TestServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// The rates of the configuration table, each through the front door.
@ExtendWith(PostgresExtension.class)
final class RatesTest {
  @Test
  void whoeverWritesTooFastIsToldWhenToComeBack(TestDatabase database) {
    try (var server = TestServer.start(database, Map.of("RATE_MESSAGES", "1/m:3"))) {
      var ann = Person.signUp(server, "rateann");
      var room = ann.room(ann.organization("Rates"), "fast");
      try (var socket = ann.connect().hello()) {
        socket.next("live");
        for (int i = 1; i <= 4; i++) {
          socket.send(
              Map.of(
                  "type",
                  "message",
                  "id",
                  i,
                  "room_id",
                  room,
                  "content",
                  "hi",
                  "op",
                  UUID.randomUUID().toString()));
        }
        var error = socket.next("error");
        assertThat(error.get("id").asInt()).isEqualTo(4);
        assertThat(error.get("code").asString()).isEqualTo("rate_limited");
        assertThat(error.get("retry_after_ms").asLong()).isBetween(1L, 60_000L);
      }
      var refused = ann.post("/api/v1/rooms/" + room + "/messages", Map.of("content", "hi"));
      assertThat(refused.status()).isEqualTo(429);
    }
  }

  @Test
  void whoeverKnowsNoErrorsIsReadMoreSlowly(TestDatabase database) {
    try (var server = TestServer.start(database, Map.of("RATE_MESSAGES", "50/s:2"))) {
      var http = new SeedHttp(server.http());
      http.post("/api/v1/orgs", "{\"id\":\"o\",\"name\":\"O\"}");
      http.post("/api/v1/orgs/o/groups", "{\"id\":\"g\",\"name\":\"G\"}");
      var address = URI.create(server.ws() + "/ws/orgs/o/groups/g?clientId=hasty");
      try (var socket = SeedSocket.open(address)) {
        for (int i = 0; i < 20; i++) {
          socket.say("{\"content\":\"" + i + "\"}");
        }
        var all = IntStream.range(0, 20).mapToObj(Integer::toString).toList();
        assertThat(socket.contents(20)).isEqualTo(all);
      }
    }
  }

  @Test
  void loginsAndSocketsOfOneAddressAreCounted(TestDatabase database)
      throws IOException, InterruptedException {
    var settings = Map.of("RATE_LOGINS", "1/m:1", "RATE_CONNECTS", "1/m:1");
    try (var server = TestServer.start(database, settings)) {
      Person.signUp(server, "rateone");
      var login = "{\"username\":\"rateone\",\"password\":\"whatever it is\"}";
      var second = send(json(server.http().resolve("/api/v1/auth/login"), login));
      assertThat(second.statusCode()).isEqualTo(429);
      assertThat(second.headers().firstValueAsLong("Retry-After").orElseThrow()).isPositive();
      var upgrade =
          HttpRequest.newBuilder(server.http().resolve("/ws/dm?clientId=x")).GET().build();
      assertThat(send(upgrade).statusCode()).isEqualTo(400);
      var refused = send(upgrade);
      assertThat(refused.statusCode()).isEqualTo(429);
      assertThat(refused.headers().firstValueAsLong("Retry-After").orElseThrow()).isPositive();
      assertThat(refused.body()).contains("rate_limited");
    }
  }

  private static HttpRequest json(URI to, String body) {
    return HttpRequest.newBuilder(to)
        .header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString(body))
        .build();
  }

  private static HttpResponse<String> send(HttpRequest request)
      throws IOException, InterruptedException {
    try (var client = HttpClient.newHttpClient()) {
      return client.send(request, HttpResponse.BodyHandlers.ofString());
    }
  }
}
