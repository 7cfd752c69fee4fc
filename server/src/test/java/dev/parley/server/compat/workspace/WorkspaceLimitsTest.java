package dev.parley.server.compat.workspace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.server.base.Limits;
import dev.parley.server.compat.SeedHttp;
import dev.parley.server.testing.PostgresExtension;
import dev.parley.server.testing.TestDatabase;
import dev.parley.server.testing.TestServer;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// How much people without an account can put into the database.
@ExtendWith(PostgresExtension.class)
final class WorkspaceLimitsTest {
  @Test
  void organizationsAndGroupsHaveAnEnd(TestDatabase database) {
    try (var server = TestServer.start(database, Map.of())) {
      var http = new SeedHttp(server.http());
      http.post("/api/v1/orgs", "{\"id\":\"o\",\"name\":\"O\"}");
      database.execute(
          """
          insert into parley.org (org_id, name, handle, open, created_by, created_at)
          select gen_random_uuid(), 'many', 'ws:many' || n, true, 'open:ws:', now()
            from generate_series(1, %d) n
          """
              .formatted(Limits.OPEN - 1),
          """
          insert into parley.room (org_id, room_id, kind, alias, name, epoch, last_at, created_by, created_at)
          select o.org_id, gen_random_uuid(), 'public', 'g' || n, 'many', 'e', now(), 'open:ws:', now()
            from parley.org o, generate_series(1, %d) n where o.handle = 'ws:o'
          """
              .formatted(Limits.OPEN));
      var org = http.post("/api/v1/orgs", "{\"id\":\"more\",\"name\":\"More\"}");
      assertThat(org.status()).isEqualTo(403);
      assertThat(org.error()).contains("too many");
      var group = http.post("/api/v1/orgs/o/groups", "{\"id\":\"more\",\"name\":\"More\"}");
      assertThat(group.status()).isEqualTo(403);
      assertThat(http.get("/api/v1/orgs").json()).hasSize(Limits.OPEN);
      assertThat(http.get("/api/v1/orgs/o/groups").json()).hasSize(Limits.OPEN);
    }
  }

  @Test
  void anAnswerEndsWhereItIsFull(TestDatabase database) {
    try (var server = TestServer.start(database, Map.of())) {
      var http = new SeedHttp(server.http());
      http.post("/api/v1/orgs", "{\"id\":\"long\",\"name\":\"Long\"}");
      http.post("/api/v1/orgs/long/groups", "{\"id\":\"g\",\"name\":\"G\"}");
      var text = "x".repeat(60_000);
      for (int i = 0; i < 72; i++) {
        var body = "{\"content\":\"%d %s\"}".formatted(i, text);
        http.post("/api/v1/orgs/long/groups/g/broadcast", body).require(200);
      }
      var path = "/api/v1/orgs/long/groups/g/messages";
      var newest = http.get(path + "?limit=1000").json().get("messages");
      assertThat(newest).hasSize(Limits.ANSWER_CONTENT / 60_000 + 1);
      assertThat(newest.get(0).get("content").asString()).startsWith("71 ");
      var oldest = http.get(path + "/after?after=0&limit=1000").json().get("messages");
      assertThat(oldest).hasSize(newest.size());
      assertThat(oldest.get(0).get("content").asString()).startsWith("0 ");

      var user =
          http.post(
                  "/api/v1/users",
                  "{\"username\":\"busy\",\"email\":\"busy@x\",\"org_id\":\"long\"}")
              .require(201);
      var tasks = "/api/v1/users/" + user.get("id").asString() + "/tasks";
      http.post(tasks, "{\"title\":\"first\"}").require(201);
      database.execute(
          """
          insert into parley.task (org_id, task_id, assignee, created_by, title, description, status, priority, due_at, created_at, updated_at)
          select t.org_id, gen_random_uuid(), t.assignee, t.created_by, n::text, repeat('x', 10000), 'pending', 'low',
                 now(), now() + n * interval '1 second', now()
            from parley.task t, generate_series(1, 500) n where t.title = 'first'
          """);
      var listed = http.get(tasks).json();
      assertThat(listed).hasSize(Limits.ANSWER_CONTENT / 10_000 + 1);
      assertThat(listed.get(0).get("title").asString()).isEqualTo("500");
      assertThat(http.get(tasks + "/due-soon").json()).hasSize(listed.size());
    }
  }

  @Test
  void aBroadcastThatReachedSomeGroupsIsNotCalledUndone(TestDatabase database) {
    try (var server = TestServer.start(database, Map.of("RATE_MESSAGES", "1/m:1"))) {
      var http = new SeedHttp(server.http());
      http.post("/api/v1/orgs", "{\"id\":\"some\",\"name\":\"Some\"}");
      for (var group : new String[] {"one", "two"}) {
        var body = "{\"id\":\"%s\",\"name\":\"G\"}".formatted(group);
        http.post("/api/v1/orgs/some/groups", body).require(201);
      }
      var partly = http.post("/api/v1/orgs/some/broadcast", "{\"content\":\"x\"}");
      assertThat(partly.status()).isEqualTo(503);
      assertThat(partly.body()).contains("it may have been done");
      assertThat(http.get("/api/v1/orgs/some/groups/one/messages").json().get("messages"))
          .hasSize(1);
      var none = http.post("/api/v1/orgs/some/broadcast", "{\"content\":\"x\"}");
      assertThat(none.status()).isEqualTo(429);
    }
  }
}
