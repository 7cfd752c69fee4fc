package dev.parley.server.compat.gochat;

import dev.parley.server.compat.SeedHttp;
import dev.parley.server.compat.SeedHttp.Reply;
import dev.parley.server.compat.SeedSocket;
import dev.parley.server.testing.TestServer;
import java.net.URI;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// Somebody who signed up as clients of the third seed do.
record Chatter(TestServer server, String name, String id, SeedHttp http, JsonNode session) {
  static Chatter signUp(TestServer server, String name) {
    var session =
        new SeedHttp(server.http())
            .post(
                "/auth/signup",
                "{\"username\":\"%s\",\"email\":\"%s@example.org\",\"password\":\"password123\"}"
                    .formatted(name, name))
            .require(201);
    var token = session.get("token").asString();
    var id = session.get("user_id").asString();
    return new Chatter(server, name, id, new SeedHttp(server.http()).with(token), session);
  }

  String token() {
    return http.token();
  }

  /// Opens a room; its id.
  String room(String type) {
    return http.post("/rooms", "{\"name\":\"%s's\",\"type\":\"%s\"}".formatted(name, type))
        .require(201)
        .get("id")
        .asString();
  }

  Reply add(String room, Chatter other, String role) {
    return http.post(
        "/rooms/" + room + "/members",
        "{\"user_id\":\"%s\",\"role\":\"%s\"}".formatted(other.id, role));
  }

  /// Posts a message; its id.
  long post(String room, String content) {
    return http.post("/rooms/" + room + "/messages", "{\"content\":\"" + content + "\"}")
        .require(201)
        .get("id")
        .asLong();
  }

  /// What the history shows, newest first.
  List<String> contents(String room, String query) {
    return http.get("/rooms/" + room + "/messages" + query)
        .require(200)
        .valueStream()
        .map(message -> message.get("content").asString())
        .toList();
  }

  SeedSocket connect(String room) {
    return SeedSocket.open(address(room));
  }

  URI address(String room) {
    return URI.create(server.ws() + "/ws?token=" + token() + "&room_id=" + room);
  }
}
