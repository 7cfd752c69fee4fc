package dev.parley.server.testing;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Somebody with an account, who uses the server as a stranger would: over HTTP and sockets.
public final class Person {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final TestServer server;
  private final String name;
  private final JsonNode session;

  private Person(TestServer server, String name, JsonNode session) {
    this.server = server;
    this.name = name;
    this.session = session;
  }

  /// Signs up.
  public static Person signUp(TestServer server, String name) {
    var body = Map.of("username", name, "password", "correct horse battery " + name);
    var answer = call(server, "POST", "/api/v1/auth/signup", body, Map.of());
    return new Person(server, name, answer.require(201));
  }

  public String name() {
    return name;
  }

  public String id() {
    return session.get("user_id").asString();
  }

  public String token() {
    return session.get("access_token").asString();
  }

  public String refreshToken() {
    return session.get("refresh_token").asString();
  }

  /// An HTTP answer.
  public record Answer(int status, JsonNode body) {
    public JsonNode require(int expected) {
      if (status != expected) {
        throw new AssertionError("expected " + expected + ", got " + status + " " + body);
      }
      return body;
    }
  }

  public Answer post(String path, Object body) {
    return call(server, "POST", path, body, Map.of("Authorization", "Bearer " + token()));
  }

  public Answer patch(String path, Object body) {
    return call(server, "PATCH", path, body, Map.of("Authorization", "Bearer " + token()));
  }

  public Answer put(String path) {
    return call(server, "PUT", path, Map.of(), Map.of("Authorization", "Bearer " + token()));
  }

  public Answer get(String path) {
    return call(server, "GET", path, Map.of(), Map.of("Authorization", "Bearer " + token()));
  }

  public Answer delete(String path) {
    return call(server, "DELETE", path, Map.of(), Map.of("Authorization", "Bearer " + token()));
  }

  /// Founds an organization; its id.
  public String organization(String orgName) {
    return post("/api/v1/orgs", Map.of("name", orgName)).require(201).get("org_id").asString();
  }

  /// Takes others into an organization.
  public void invite(String org, Person... others) {
    for (var other : others) {
      post("/api/v1/orgs/" + org + "/members", Map.of("user_id", other.id(), "role", "member"))
          .require(201);
    }
  }

  /// Opens a room and takes others into it; its id.
  public String room(String org, String roomName, Person... others) {
    var room =
        post("/api/v1/orgs/" + org + "/rooms", Map.of("name", roomName, "kind", "private"))
            .require(201)
            .get("room_id")
            .asString();
    for (var other : others) {
      post("/api/v1/rooms/" + room + "/members", Map.of("user_id", other.id(), "role", "member"))
          .require(204);
    }
    return room;
  }

  /// Opens a native socket with the token in the handshake.
  public NativeSocket connect() {
    return NativeSocket.open(server.ws().resolve("/ws?token=" + token()));
  }

  private static Answer call(
      TestServer server, String method, String path, Object body, Map<String, String> headers) {
    var request = HttpRequest.newBuilder(URI.create(server.http() + path));
    headers.forEach(request::header);
    request.method(
        method,
        hasBody(method)
            ? BodyPublishers.ofString(JSON.writeValueAsString(body))
            : BodyPublishers.noBody());
    if (hasBody(method)) {
      request.header("Content-Type", "application/json");
    }
    try {
      var answer = HTTP.send(request.build(), BodyHandlers.ofString());
      var text = answer.body();
      return new Answer(
          answer.statusCode(), text.isEmpty() ? JSON.createObjectNode() : JSON.readTree(text));
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static boolean hasBody(String method) {
    return method.equals("POST") || method.equals("PATCH");
  }
}
