package dev.parley.server.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.server.testing.NativeSocket;
import dev.parley.server.testing.Person;
import dev.parley.server.testing.PostgresExtension;
import dev.parley.server.testing.TestDatabase;
import dev.parley.server.testing.TestServer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/// Who is online, through the front door.
@ExtendWith(PostgresExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class PresenceFlowTest {
  private TestServer server;
  private Person ann;
  private Person bob;
  private Person eve;
  private String org;

  @BeforeAll
  void start(TestDatabase database) {
    server = TestServer.start(database, Map.of());
    ann = Person.signUp(server, "presenceann");
    bob = Person.signUp(server, "presencebob");
    eve = Person.signUp(server, "presenceeve");
    org = ann.organization("Acme");
    ann.invite(org, bob);
    ann.room(org, "one", bob);
    ann.room(org, "two", bob);
    eve.room(eve.organization("Elsewhere"), "alone");
  }

  @AfterAll
  void stop() {
    server.close();
  }

  @Test
  void theOthersHearItOnceWhenTheFirstSocketOpensAndTheLastCloses() {
    try (var listener = open(ann);
        var stranger = open(eve)) {
      var first = open(bob);
      var heard = listener.next("presence");
      assertThat(heard.get("user_id").asString()).isEqualTo(bob.id());
      assertThat(heard.get("online").asBoolean()).isTrue();
      assertThat(of(ann, bob).get("online").asBoolean()).isTrue();
      try (var second = open(bob)) {
        first.close();
        assertThat(of(ann, bob).get("online").asBoolean()).isTrue();
      }
      var gone = listener.next("presence");
      assertThat(gone.get("online").asBoolean()).as(gone.toString()).isFalse();
      assertThat(Instant.parse(gone.get("last_seen").asString())).isBefore(Instant.now());
      assertThat(of(ann, bob).get("online").asBoolean()).isFalse();
      assertThat(Instant.parse(of(ann, bob).get("last_seen").asString()))
          .isBeforeOrEqualTo(Instant.now());
      var rest = new ArrayList<>(listener.rest());
      rest.addAll(stranger.rest());
      assertThat(rest).noneMatch(frame -> frame.get("type").asString().equals("presence"));
    }
  }

  @Test
  void aVisitTooShortToBeToldIsSeenAllTheSame() {
    var cat = Person.signUp(server, "presencecat");
    ann.invite(org, cat);
    try (var socket = cat.connect().hello()) {
      socket.next("welcome");
    }
    Awaitility.await().until(() -> of(ann, cat).has("last_seen"));
    assertThat(of(ann, cat).get("online").asBoolean()).isFalse();
  }

  @Test
  void whoeverSharesNoOrganizationLearnsNothing() {
    eve.get("/api/v1/orgs/" + org + "/presence").require(404);
  }

  @Test
  void membersAreReadPageByPage() {
    var first = ann.get("/api/v1/orgs/" + org + "/presence?limit=1").require(200);
    assertThat(first.get("more").asBoolean()).isTrue();
    var last = first.get("members").get(0).get("user_id").asString();
    var second = ann.get("/api/v1/orgs/" + org + "/presence?limit=1&after=" + last).require(200);
    assertThat(second.get("members").get(0).get("user_id").asString()).isGreaterThan(last);
  }

  private JsonNode of(Person asker, Person about) {
    for (var member : asker.get("/api/v1/orgs/" + org + "/presence").require(200).get("members")) {
      if (member.get("user_id").asString().equals(about.id())) {
        return member;
      }
    }
    throw new AssertionError("not there: " + about.name());
  }

  /// Opens a socket once nobody remembers an earlier one of the same person.
  private NativeSocket open(Person person) {
    var socket = person.connect().hello();
    socket.next("live");
    Awaitility.await().until(() -> person == eve || of(ann, person).get("online").asBoolean());
    return socket;
  }
}
