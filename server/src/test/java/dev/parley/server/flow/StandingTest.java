package dev.parley.server.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.server.testing.Person;
import dev.parley.server.testing.PostgresExtension;
import dev.parley.server.testing.TestDatabase;
import dev.parley.server.testing.TestServer;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/// What one's standing in a room allows, and what remains when it is lost.
@ExtendWith(PostgresExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class StandingTest {
  private static final List<String> ROLES =
      List.of("owner", "admin", "moderator", "member", "guest");

  private TestServer server;
  private Person ann;
  private Person bob;
  private Person carl;
  private String org;

  @BeforeAll
  void start(TestDatabase database) {
    server = TestServer.start(database, Map.of());
    ann = Person.signUp(server, "standann");
    bob = Person.signUp(server, "standbob");
    carl = Person.signUp(server, "standcarl");
    org = ann.organization("Standing");
    ann.invite(org, bob, carl);
  }

  @AfterAll
  void stop() {
    server.close();
  }

  /// An owner may everything, anybody else from moderator up changes roles below the own one to
  /// roles below the own one, and only admins change roles at all.
  @Test
  void nobodyGivesARoleThatTheyDoNotOutrank() {
    for (var actor : ROLES) {
      for (var before : ROLES) {
        for (var after : ROLES) {
          int status = change(actor, before, after);
          assertThat(status)
              .as("%s makes %s of %s", actor, after, before)
              .isEqualTo(allowed(actor, before, after) ? 204 : 403);
        }
      }
    }
  }

  private static boolean allowed(String actor, String before, String after) {
    int rank = ROLES.indexOf(actor);
    return rank == 0 || (rank == 1 && ROLES.indexOf(before) > rank && ROLES.indexOf(after) > rank);
  }

  private int change(String actor, String before, String after) {
    var room = ann.room(org, "matrix", bob, carl);
    role(room, bob, actor);
    role(room, carl, before);
    return bob.patch("/api/v1/rooms/" + room + "/members/" + carl.id(), Map.of("role", after))
        .status();
  }

  private void role(String room, Person person, String role) {
    ann.patch("/api/v1/rooms/" + room + "/members/" + person.id(), Map.of("role", role))
        .require(204);
  }

  @Test
  void whoWasSentAwayStillLearnsWhatBecameOfTheirMessage() {
    var room = ann.room(org, "away", bob);
    var op = UUID.randomUUID().toString();
    try (var socket = bob.connect().hello()) {
      socket.next("live");
      socket.send(message(1, room, op, "said"));
      var first = socket.next("ok");
      ann.delete("/api/v1/rooms/" + room + "/members/" + bob.id()).require(204);
      socket.next("reset");
      socket.send(message(2, room, op, "said"));
      var again = socket.next("ok");
      assertThat(again.get("duplicate").asBoolean()).isTrue();
      assertThat(again.get("pos")).isEqualTo(first.get("pos"));
      socket.send(message(3, room, op, "something else"));
      assertThat(socket.next("error").get("code").asString()).isEqualTo("not_found");
      socket.send(message(4, room, UUID.randomUUID().toString(), "more"));
      assertThat(socket.next("error").get("code").asString()).isEqualTo("not_found");
    }
  }

  private static Map<String, Object> message(int id, String room, String op, String content) {
    return Map.of("type", "message", "id", id, "room_id", room, "op", op, "content", content);
  }
}
