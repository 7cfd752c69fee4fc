package dev.parley.server.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.server.testing.Person;
import dev.parley.server.testing.PostgresExtension;
import dev.parley.server.testing.TestDatabase;
import dev.parley.server.testing.TestServer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/// Tasks remind of themselves, on two nodes that share one database, and each only once.
@ExtendWith(PostgresExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ReminderTest {
  private final TestDatabase database;
  private final TestServer server;
  private final TestServer other;

  ReminderTest(TestDatabase database) {
    this.database = database;
    this.server = TestServer.start(database, Map.of());
    this.other = TestServer.start(database, Map.of("PARLEY_ROLE", "worker"));
  }

  @AfterAll
  void stop() {
    other.close();
    server.close();
  }

  @Test
  void aDueTaskIsANotificationOnce() {
    var ann = Person.signUp(server, "ann");
    var tasks = tasks(ann);
    for (int i = 0; i < 20; i++) {
      ann.post(tasks, Map.of("title", "t" + i, "due_date", in(500))).require(201);
    }
    await().until(() -> notifications(ann).size() >= 20);
    await().until(() -> jobs() == 0);
    assertThat(notifications(ann))
        .hasSize(20)
        .allSatisfy(one -> assertThat(one).startsWith("task_due t"))
        .doesNotHaveDuplicates();
    assertThat(ann.get(tasks).require(200).get("tasks"))
        .allSatisfy(task -> assertThat(task.has("reminded_at")).isTrue());
  }

  @Test
  void whoWasAwayHearsItWithTheNextHello() {
    var bob = Person.signUp(server, "bob");
    var tasks = tasks(bob);
    JsonNode me;
    try (var socket = bob.connect().hello()) {
      me = socket.next("welcome").get("me");
    }
    create(bob, tasks, "meanwhile", in(0));
    await().until(() -> notifications(bob).size() == 1);
    var cursor = Map.of("epoch", me.get("epoch").asString(), "pos", me.get("pos").asLong());
    try (var socket = bob.connect().hello(Map.of("me", cursor))) {
      var events =
          socket.until("live").stream()
              .filter(frame -> frame.get("type").asString().equals("task_due"))
              .toList();
      assertThat(events).hasSize(1);
      assertThat(events.getFirst().get("title").asString()).isEqualTo("meanwhile");
      assertThat(events.getFirst().get("me").asLong()).isEqualTo(me.get("pos").asLong() + 1);
    }
  }

  @Test
  void anotherDueDateRemindsAgainAndNoneNever() {
    var carl = Person.signUp(server, "carl");
    var tasks = tasks(carl);
    var moved = create(carl, tasks, "moved", in(100));
    var dropped = create(carl, tasks, "dropped", in(60_000));
    var completed = create(carl, tasks, "completed", in(60_000));
    await().until(() -> notifications(carl).size() == 1);
    carl.patch(tasks + "/" + moved, Map.of("due_date", in(200))).require(200);
    carl.delete(tasks + "/" + dropped).require(204);
    carl.patch(tasks + "/" + completed, Map.of("status", "completed", "due_date", in(100)))
        .require(200);
    await().until(() -> notifications(carl).size() == 2);
    await().until(() -> jobs() == 0);
    assertThat(notifications(carl)).containsExactly("task_due moved", "task_due moved");
  }

  @Test
  void notificationsAreSeenUpToAPlace() {
    var dora = Person.signUp(server, "dora");
    var tasks = tasks(dora);
    for (int i = 1; i <= 3; i++) {
      create(dora, tasks, "t" + i, in(0));
      int count = i;
      await().until(() -> notifications(dora).size() == count);
    }
    var all = dora.get("/api/v1/notifications").require(200);
    assertThat(all.get("unread").asInt()).isEqualTo(3);
    assertThat(notifications(dora)).containsExactly("task_due t3", "task_due t2", "task_due t1");
    long middle = all.get("notifications").get(1).get("me").asLong();
    dora.post("/api/v1/notifications/seen", Map.of("me", middle)).require(204);
    dora.post("/api/v1/notifications/seen", Map.of("me", 0)).require(204);
    var page = dora.get("/api/v1/notifications?limit=2").require(200);
    assertThat(page.get("unread").asInt()).isEqualTo(1);
    assertThat(page.get("seen_me").asLong()).isEqualTo(middle);
    assertThat(page.get("more").asBoolean()).isTrue();
    assertThat(page.get("notifications").get(0).get("seen").asBoolean()).isFalse();
    assertThat(page.get("notifications").get(1).get("seen").asBoolean()).isTrue();
    var rest = dora.get("/api/v1/notifications?before=" + middle).require(200);
    assertThat(rest.get("notifications")).hasSize(1);
  }

  @Test
  void whoLeftTheOrganizationIsNotReminded() {
    var erin = Person.signUp(server, "erin");
    var fred = Person.signUp(server, "fred");
    var org = erin.organization("Leaving");
    erin.invite(org, fred);
    var tasks = "/api/v1/orgs/" + org + "/tasks";
    erin.post(tasks, Map.of("title", "t", "assignee_id", fred.id(), "due_date", in(1_500)))
        .require(201);
    erin.delete("/api/v1/orgs/" + org + "/members/" + fred.id()).require(204);
    await().until(() -> jobs(org) == 0);
    assertThat(notifications(fred)).isEmpty();
  }

  private static String tasks(Person person) {
    return "/api/v1/orgs/" + person.organization("Org of " + person.name()) + "/tasks";
  }

  private static String create(Person person, String tasks, String title, String due) {
    return person
        .post(tasks, Map.of("title", title, "due_date", due))
        .require(201)
        .get("task_id")
        .asString();
  }

  private static String in(long millis) {
    return Instant.now().plus(Duration.ofMillis(millis)).toString();
  }

  private static List<String> notifications(Person person) {
    var all = new ArrayList<String>();
    person
        .get("/api/v1/notifications")
        .require(200)
        .get("notifications")
        .forEach(
            one -> {
              var event = one.get("event");
              all.add(event.get("type").asString() + " " + event.get("title").asString());
            });
    return all;
  }

  private int jobs() {
    return Integer.parseInt(
        TestDatabase.ask(
            database.superuser(),
            "select count(*) from parley.scheduled_job where execution_time < now() + interval '30 s'"));
  }

  private int jobs(String org) {
    return Integer.parseInt(
        TestDatabase.ask(
            database.superuser(),
            "select count(*) from parley.scheduled_job where task_instance like '" + org + "/%'"));
  }
}
