package dev.parley.server.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.server.adapter.postgres.Database;
import dev.parley.server.rest.http.Route;
import dev.parley.server.testing.PostgresExtension;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/// Every operation with hostile values in every place: nothing is answered with 5xx, and nothing
/// that the description does not know. A failure prints its seed; replay it with `-Dseed=…`.
@ExtendWith(PostgresExtension.class)
final class HostileRequestsTest {
  private static final int ROUNDS = 12;
  private static final List<String> TEXTS =
      List.of(
          "",
          " ",
          "x",
          "'; drop table parley.room; --",
          "%_\\",
          "${jndi:ldap://x}",
          "{{7*7}}",
          "<script>alert(1)</script>",
          "../../etc/passwd",
          "\u202Egnp.exe",
          "𝕬𝖓𝖓",
          "é",
          "e\u0301".repeat(60),
          "👩‍👩‍👧‍👦",
          "\r\nX-Evil: 1",
          "a".repeat(5_000),
          "=cmd|' /C calc'!A0",
          "9007199254740993",
          "-1",
          "1e9",
          "null",
          "00000000-0000-0000-0000-000000000000");
  private static final List<String> VALUES =
      List.of(
          "null",
          "true",
          "0",
          "-1",
          "1.5",
          "9007199254740993",
          "1e400",
          "123456789012345678901234567890",
          "[]",
          "[null]",
          "[1]",
          "[{}]",
          "{}",
          "[[[[]]]]",
          "\"\\u0000\"",
          "\"\\ud800\"",
          "\"\"");

  @Test
  void nothingHostileIsAnsweredWithAFailureOfOurs(Database database) throws InterruptedException {
    long seed = Long.getLong("seed", System.nanoTime());
    var random = new Random(seed);
    try (var rest = new RestFixture(database)) {
      var ann = rest.user();
      var org = ann.createOrg("Acme");
      var room = ann.createRoom(org, "room", "public");
      var message = Long.toString(ann.say(room, "hello"));
      var ids = List.of(org, room, message, ann.id());
      for (var route : rest.api.routes()) {
        if (!route.operation().equals("streamEvents") && !route.operation().equals("signOut")) {
          for (int i = 0; i < ROUNDS; i++) {
            attack(rest, ann, route, ids, random, seed);
          }
        }
      }
      ann.get("/api/v1/me");
    }
  }

  private static void attack(
      RestFixture rest, User ann, Route route, List<String> ids, Random random, long seed) {
    var path = new StringBuilder(route.path());
    for (var name : route.parameters()) {
      int at = path.indexOf("{" + name + "}");
      path.replace(at, at + name.length() + 2, encode(one(random, ids, TEXTS)));
    }
    var separator = '?';
    for (var name : route.doc().query().keySet()) {
      path.append(separator).append(name).append('=').append(encode(one(random, TEXTS, ids)));
      separator = '&';
    }
    var request = ann.request(path.toString());
    for (var name : route.doc().headers().keySet()) {
      if (random.nextBoolean()) {
        request.header(name, random.nextBoolean() ? "x" : ann.id());
      }
    }
    var body = body(rest.contract().document(), route, ids, random);
    var response =
        rest.send(request.method(route.verb().name(), HttpRequest.BodyPublishers.ofString(body)));
    assertThat(response.statusCode())
        .as("seed %d: %s %s %s → %s", seed, route.verb(), path, body, response.body())
        .isLessThan(500);
  }

  /// A body of the documented shape with one or more fields that are not what they should be.
  private static String body(JsonNode document, Route route, List<String> ids, Random random) {
    var type = route.doc().takes();
    if (type.isEmpty()) {
      return "";
    }
    var properties =
        document.at("/components/schemas/" + type.get().getSimpleName() + "/properties");
    var body = new StringBuilder("{");
    for (var name : properties.propertyNames()) {
      if (random.nextInt(5) > 0) {
        body.append(body.length() > 1 ? "," : "").append('"').append(name).append("\":");
        body.append(
            random.nextInt(3) == 0
                ? VALUES.get(random.nextInt(VALUES.size()))
                : quote(one(random, TEXTS, ids)));
      }
    }
    return body.append('}').toString();
  }

  private static String one(Random random, List<String> often, List<String> seldom) {
    var list = random.nextInt(3) > 0 ? often : seldom;
    return list.get(random.nextInt(list.size()));
  }

  private static String quote(String text) {
    return '"'
        + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\r", "\\r").replace("\n", "\\n")
        + '"';
  }

  private static String encode(String text) {
    return URLEncoder.encode(text.isEmpty() ? "x" : text, StandardCharsets.UTF_8)
        .replace("+", "%20");
  }
}
