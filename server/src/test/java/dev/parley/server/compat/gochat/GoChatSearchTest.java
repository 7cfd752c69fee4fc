package dev.parley.server.compat.gochat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.server.compat.SeedHttp;
import dev.parley.server.testing.PostgresExtension;
import dev.parley.server.testing.TestDatabase;
import dev.parley.server.testing.TestServer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/// Search in the third seed's rooms.
@ExtendWith(PostgresExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
final class GoChatSearchTest {
  private final TestServer server;
  private final Chatter alice;
  private final Chatter bob;

  GoChatSearchTest(TestDatabase database) {
    this.server = TestServer.start(database, Map.of());
    this.alice = Chatter.signUp(server, "alice");
    this.bob = Chatter.signUp(server, "bob");
  }

  @AfterAll
  void stop() {
    server.close();
  }

  @Test
  void wordsAreFoundInTheirRoomOnly() {
    var room = alice.room("public");
    var other = alice.room("public");
    alice.post(room, "We deploy on Friday");
    bob.post(room, "never deploy: it breaks");
    alice.post(room, "running for lunch");
    alice.post(other, "deploy elsewhere");
    await().until(() -> find(room, "?q=lunch").size() == 1);
    assertThat(find(room, "?q=RUN")).containsExactly("running for lunch");
    assertThat(find(room, "?q=deploy"))
        .containsExactly("never deploy: it breaks", "We deploy on Friday");
    assertThat(find(room, "?q=DEPLOYS")).hasSize(2);
    assertThat(find(room, "?q=runn")).isEmpty();
    assertThat(find(room, "?q=friday+deploy")).containsExactly("We deploy on Friday");
    assertThat(find(room, "?q=from:bob")).isEmpty();
    assertThat(find(room, "?q=deploy&limit=1")).hasSize(1);
    assertThat(find(room, "?q=deploy&sender_id=" + alice.id()))
        .containsExactly("We deploy on Friday");
    assertThat(find(room, "?q=deploy&before_time=2020-01-01T00:00:00Z")).isEmpty();
    assertThat(find(room, "?q=deploy&after_time=2020-01-01T00:00:00%2B02:00")).hasSize(2);
  }

  @Test
  void whatCannotBeAnsweredIsRefused() {
    var room = "/rooms/" + alice.room("private") + "/search";
    assertThat(alice.http().get(room).error()).isEqualTo("Missing search query");
    assertThat(alice.http().get(room + "?q=%22").error()).isEqualTo("Missing search query");
    assertThat(alice.http().get(room + "?q=x&after_time=y").error())
        .isEqualTo("Invalid after_time");
    assertThat(bob.http().get(room + "?q=x").error()).isEqualTo("Not a member of this room");
    assertThat(new SeedHttp(server.http()).get(room + "?q=x").status()).isEqualTo(401);
  }

  @Test
  void aRoomOrPersonThatIsCalledLikeTheIdOfAnotherIsNotFoundInItsPlace() {
    var room = alice.room("private");
    var trap =
        bob.http()
            .post("/rooms", "{\"name\":\"%s\",\"type\":\"public\"}".formatted(room))
            .require(201)
            .get("id")
            .asString();
    bob.post(trap, "invoice: pay to bob");
    await().until(() -> find(trap, "?q=invoice").size() == 1);
    assertThat(find(room, "?q=invoice")).isEmpty();

    var open = alice.room("public");
    var twin = Chatter.signUp(server, bob.id());
    twin.post(open, "salary of somebody else");
    bob.post(open, "my salary");
    await().until(() -> find(open, "?q=salary").size() == 2);
    assertThat(find(open, "?q=salary&sender_id=" + bob.id())).containsExactly("my salary");
  }

  @Test
  void whatHoldsNoWordFindsNothing() {
    var room = alice.room("public");
    alice.post(room, "hooray");
    await().until(() -> find(room, "?q=hooray").size() == 1);
    assertThat(find(room, "?q=%21%21")).isEmpty();
    assertThat(find(room, "?q=%21%21&after_time=2020-01-01T00:00:00Z")).isEmpty();
  }

  @Test
  void aYearThatNoDatabaseKeepsIsRefused() {
    var room = "/rooms/" + alice.room("private") + "/search";
    var reply = alice.http().get(room + "?q=x&before_time=%2B999999-01-01T00:00:00Z");
    assertThat(reply.status()).isEqualTo(400);
    assertThat(reply.error()).isEqualTo("Invalid before_time");
  }

  private List<String> find(String room, String query) {
    return alice
        .http()
        .get("/rooms/" + room + "/search" + query)
        .require(200)
        .valueStream()
        .map(message -> message.get("content").asString())
        .toList();
  }
}
