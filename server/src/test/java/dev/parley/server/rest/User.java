package dev.parley.server.rest;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Somebody who asks over HTTP.
record User(RestFixture rest, String id, String name, String token, String refreshToken) {
  static final String PASSWORD = "correct horse battery";
  private static final JsonMapper JSON = new JsonMapper();

  /// A new account and its first device.
  static User signUp(RestFixture rest, String name) {
    var stranger = new User(rest, "", name, "", "");
    var wish = Map.of("username", name, "password", PASSWORD);
    return stranger.with(stranger.post(201, "/api/v1/auth/signup", wish));
  }

  /// The same account with the tokens of a session.
  User with(JsonNode session) {
    return new User(
        rest,
        session.get("user_id").asString(),
        session.get("username").asString(),
        session.get("access_token").asString(),
        session.get("refresh_token").asString());
  }

  HttpRequest.Builder request(String path) {
    var request = rest.http().request(path);
    return token.isEmpty() ? request : request.header("Authorization", "Bearer " + token);
  }

  HttpResponse<String> send(String method, String path, Object body) {
    var json = JSON.writeValueAsString(body);
    return rest.send(
        request(path)
            .header("Content-Type", "application/json")
            .method(method, HttpRequest.BodyPublishers.ofString(json)));
  }

  HttpResponse<String> send(String method, String path) {
    return rest.send(request(path).method(method, HttpRequest.BodyPublishers.noBody()));
  }

  /// The body of an answer that must have this status.
  JsonNode expect(int status, HttpResponse<String> response) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    return response.body().isEmpty() ? JSON.createObjectNode() : JSON.readTree(response.body());
  }

  JsonNode get(String path) {
    return expect(200, send("GET", path));
  }

  JsonNode post(int status, String path, Map<String, ?> body) {
    return expect(status, send("POST", path, body));
  }

  /// Uploads a text.
  JsonNode upload(String org, String name, String text) {
    return expect(
        201,
        rest.send(
            request("/api/v1/orgs/" + org + "/files?name=" + name)
                .POST(HttpRequest.BodyPublishers.ofString(text))));
  }

  String createOrg(String name) {
    return post(201, "/api/v1/orgs", Map.of("name", name)).get("org_id").asString();
  }

  String createRoom(String org, String name, String kind) {
    return post(201, "/api/v1/orgs/" + org + "/rooms", Map.of("name", name, "kind", kind))
        .get("room_id")
        .asString();
  }

  long say(String room, String content) {
    return post(201, "/api/v1/rooms/" + room + "/messages", Map.of("content", content))
        .get("message_id")
        .asLong();
  }

  void addToOrg(String org, User other, String role) {
    post(201, "/api/v1/orgs/" + org + "/members", Map.of("user_id", other.id, "role", role));
  }

  void addToRoom(String room, User other) {
    post(204, "/api/v1/rooms/" + room + "/members", Map.of("user_id", other.id));
  }
}
