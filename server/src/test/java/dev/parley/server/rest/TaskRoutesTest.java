package dev.parley.server.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.server.testing.PostgresExtension;
import dev.parley.server.testing.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

@ExtendWith(PostgresExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class TaskRoutesTest {
  private static final Instant SOON =
      Instant.now().plus(Duration.ofHours(2)).truncatedTo(ChronoUnit.MICROS);

  private RestFixture rest;
  private TestDatabase database;
  private User ann;
  private User ben;
  private String org;

  @BeforeAll
  void start(TestDatabase database) {
    this.database = database;
    rest = new RestFixture(database.database());
    ann = rest.user();
    ben = rest.user();
    org = ann.createOrg("Org");
    ann.addToOrg(org, ben, "member");
  }

  @AfterAll
  void stop() throws InterruptedException {
    rest.close();
  }

  @Test
  void aTaskStartsPendingAndMedium() {
    var task = create(ann, Map.of("title", " Pay the rent "));
    assertThat(task.get("title").asString()).isEqualTo("Pay the rent");
    assertThat(task.get("status").asString()).isEqualTo("pending");
    assertThat(task.get("priority").asString()).isEqualTo("medium");
    assertThat(task.get("description").asString()).isEmpty();
    assertThat(task.get("assignee_id").asString()).isEqualTo(ann.id());
    assertThat(task.get("created_by").asString()).isEqualTo(ann.id());
    assertThat(task.has("due_date")).isFalse();
    assertThat(task.has("completed_at")).isFalse();
    assertThat(ben.get(path(task))).isEqualTo(task);
  }

  @Test
  void aChangeKeepsWhatItDoesNotName() {
    var task =
        create(
            ann,
            Map.of(
                "title",
                "t",
                "description",
                "d",
                "priority",
                "high",
                "assignee_id",
                ben.id(),
                "due_date",
                SOON.toString()));
    var changed = patch(ben, task, "{\"status\":\"in_progress\"}");
    assertThat(changed.get("status").asString()).isEqualTo("in_progress");
    for (var kept : List.of("title", "description", "priority", "assignee_id", "due_date")) {
      assertThat(changed.get(kept)).as(kept).isEqualTo(task.get(kept));
    }
    assertThat(changed.get("due_date").asString()).isEqualTo(SOON.toString());
  }

  @Test
  void nullTakesAway() {
    var task = create(ann, Map.of("title", "t", "description", "d", "due_date", SOON.toString()));
    assertThat(jobs(task)).isEqualTo("1");
    var changed = patch(ann, task, "{\"description\":null,\"due_date\":null}");
    assertThat(changed.get("description").asString()).isEmpty();
    assertThat(changed.has("due_date")).isFalse();
    assertThat(jobs(task)).isEqualTo("0");
    assertThat(refused(400, ann.send("PATCH", path(task), Map.of("due_date", "tomorrow"))))
        .isEqualTo("bad_request");
  }

  @Test
  void completedAtSaysSinceWhen() {
    var task = create(ann, Map.of("title", "t"));
    var done = patch(ann, task, "{\"status\":\"completed\"}");
    assertThat(done.get("completed_at")).isEqualTo(done.get("updated_at"));
    var again = patch(ann, task, "{\"status\":\"completed\",\"title\":\"u\"}");
    assertThat(again.get("completed_at")).isEqualTo(done.get("completed_at"));
    assertThat(patch(ann, task, "{\"status\":\"cancelled\"}").has("completed_at")).isFalse();
  }

  @Test
  void theJobFollowsTheTask() {
    var task = create(ann, Map.of("title", "t", "due_date", SOON.toString()));
    assertThat(jobs(task)).isEqualTo("1");
    var later = SOON.plusSeconds(60);
    patch(ann, task, "{\"due_date\":\"" + later + "\"}");
    assertThat(job(task, "(execution_time = '" + later + "' and not picked)::text"))
        .isEqualTo("true");
    patch(ann, task, "{\"status\":\"completed\"}");
    assertThat(jobs(task)).isEqualTo("0");
    patch(ann, task, "{\"status\":\"pending\"}");
    assertThat(jobs(task)).isEqualTo("1");
    patch(ann, task, "{\"status\":\"cancelled\"}");
    assertThat(jobs(task)).isEqualTo("0");
    patch(ann, task, "{\"status\":\"in_progress\"}");
    assertThat(ann.send("DELETE", path(task)).statusCode()).isEqualTo(204);
    assertThat(jobs(task)).isEqualTo("0");
    assertThat(refused(404, ann.send("GET", path(task)))).isEqualTo("not_found");
  }

  @Test
  void listsAreFiltered() {
    var mine = rest.user();
    var place = mine.createOrg("Filters");
    var tasks = "/api/v1/orgs/" + place + "/tasks";
    mine.addToOrg(place, ben, "member");
    add(mine, tasks, "a", "low", ben, SOON.minus(Duration.ofDays(1)), "pending");
    add(mine, tasks, "b", "high", mine, SOON, "in_progress");
    add(mine, tasks, "c", "high", ben, SOON.plus(Duration.ofDays(2)), "pending");
    add(mine, tasks, "d", "urgent", mine, SOON, "completed");
    add(mine, tasks, "e", "low", mine, SOON, "cancelled");
    mine.post(201, tasks, Map.of("title", "f 50% OFF_Größe", "description", "Ship It"));
    assertThat(titles(mine, tasks)).isEqualTo("f 50% OFF_Größe,e,d,c,b,a");
    assertThat(titles(mine, tasks + "?status=pending")).isEqualTo("f 50% OFF_Größe,c,a");
    assertThat(titles(mine, tasks + "?priority=high")).isEqualTo("c,b");
    assertThat(titles(mine, tasks + "?assignee_id=" + ben.id())).isEqualTo("c,a");
    assertThat(titles(mine, tasks + "?assignee_id=" + ben.id() + "&status=pending&priority=low"))
        .isEqualTo("a");
    assertThat(titles(mine, tasks + "?due_from=" + SOON)).isEqualTo("e,d,c,b");
    assertThat(titles(mine, tasks + "?due_before=" + SOON)).isEqualTo("a");
    assertThat(titles(mine, tasks + "?q=50%25%20off_gr%C3%96%C3%9FE")).isEqualTo("f 50% OFF_Größe");
    assertThat(titles(mine, tasks + "?q=ship")).isEqualTo("f 50% OFF_Größe");
    assertThat(titles(mine, tasks + "?q=%25")).isEqualTo("f 50% OFF_Größe");
    assertThat(titles(mine, tasks + "?due_soon=24")).isEqualTo("a,b");
    assertThat(titles(mine, tasks + "?due_soon=72")).isEqualTo("a,b,c");
    assertThat(titles(mine, tasks + "?due_soon=72&assignee_id=" + ben.id())).isEqualTo("a,c");
    for (var bad :
        List.of(
            "?status=x",
            "?priority=x",
            "?due_from=x",
            "?due_from=%2B999999-01-01T00:00:00Z",
            "?due_soon=x",
            "?after=x")) {
      assertThat(refused(400, mine.send("GET", tasks + bad))).isEqualTo("bad_request");
    }
  }

  @Test
  void pagesHaveNeitherHolesNorRepeats() {
    var mine = rest.user();
    var tasks = "/api/v1/orgs/" + mine.createOrg("Pages") + "/tasks";
    for (int i = 0; i < 5; i++) {
      mine.post(201, tasks, Map.of("title", "t" + i, "due_date", SOON.toString()));
    }
    for (var query : List.of("?limit=2", "?limit=2&due_soon=9")) {
      var seen = new ArrayList<String>();
      var page = mine.get(tasks + query);
      while (true) {
        page.get("tasks").forEach(task -> seen.add(task.get("title").asString()));
        if (!page.has("next")) {
          break;
        }
        page = mine.get(tasks + query + "&after=" + page.get("next").asString());
      }
      assertThat(seen).containsExactlyInAnyOrder("t0", "t1", "t2", "t3", "t4");
    }
  }

  @Test
  void onlyWhomItConcernsChangesATask() {
    var carl = rest.user();
    var guest = rest.user();
    ann.addToOrg(org, carl, "member");
    ann.addToOrg(org, guest, "guest");
    var task = create(ben, Map.of("title", "t", "assignee_id", carl.id()));
    assertThat(guest.send("GET", path(task)).statusCode()).isEqualTo(404);
    assertThat(titles(guest, "/api/v1/orgs/" + org + "/tasks")).isEmpty();
    assertThat(guest.send("PATCH", path(task), Map.of("title", "x")).statusCode()).isEqualTo(404);
    assertThat(
            guest.send("POST", "/api/v1/orgs/" + org + "/tasks", Map.of("title", "x")).statusCode())
        .isEqualTo(403);
    patch(carl, task, "{\"assignee_id\":\"" + guest.id() + "\"}");
    assertThat(titles(guest, "/api/v1/orgs/" + org + "/tasks")).isEqualTo("t");
    assertThat(refused(403, carl.send("PATCH", path(task), Map.of("title", "x"))))
        .isEqualTo("forbidden");
    assertThat(guest.send("DELETE", path(task)).statusCode()).isEqualTo(403);
    patch(ann, task, "{\"title\":\"by an admin\"}");
    assertThat(ben.send("DELETE", path(task)).statusCode()).isEqualTo(204);
  }

  @Test
  void nobodyHasMoreTasksThanTheLimit() {
    var busy = rest.user();
    var place = busy.createOrg("Busy");
    database.execute(
        """
        insert into parley.task select '%s', gen_random_uuid(), '%s', 'x', 't', '', 'pending', 'low',
               null, now(), now(), null, null from generate_series(1, 9999)"""
            .formatted(place, busy.id()));
    var tasks = "/api/v1/orgs/" + place + "/tasks";
    busy.post(201, tasks, Map.of("title", "the last"));
    assertThat(refused(403, busy.send("POST", tasks, Map.of("title", "one more"))))
        .isEqualTo("quota");
  }

  @Test
  void whatCannotBeIsRefused() {
    var tasks = "/api/v1/orgs/" + org + "/tasks";
    assertThat(ann.send("POST", tasks, Map.of("title", " ")).statusCode()).isEqualTo(400);
    assertThat(ann.send("POST", tasks, Map.of("title", "x".repeat(256))).statusCode())
        .isEqualTo(400);
    assertThat(ann.send("POST", tasks, Map.of("title", "x", "priority", "x")).statusCode())
        .isEqualTo(400);
    assertThat(
            ann.send("POST", tasks, Map.of("title", "x", "due_date", "+99999-01-01T00:00:00Z"))
                .statusCode())
        .isEqualTo(400);
    assertThat(
            ann.send("POST", tasks, Map.of("title", "x", "description", "x".repeat(10_001)))
                .statusCode())
        .isEqualTo(400);
    assertThat(
            refused(
                404,
                ann.send("POST", tasks, Map.of("title", "x", "assignee_id", rest.user().id()))))
        .isEqualTo("not_found");
    assertThat(ann.post(201, tasks, Map.of("title", "x".repeat(255))).get("title").asString())
        .hasSize(255);
  }

  private JsonNode create(User user, Map<String, ?> body) {
    return user.post(201, "/api/v1/orgs/" + org + "/tasks", body);
  }

  private void add(
      User user,
      String tasks,
      String title,
      String priority,
      User assignee,
      Instant due,
      String status) {
    var body = new HashMap<String, String>();
    body.put("title", title);
    body.put("priority", priority);
    body.put("assignee_id", assignee.id());
    body.put("due_date", due.toString());
    var id = user.post(201, tasks, body).get("task_id").asString();
    user.expect(200, user.send("PATCH", tasks + "/" + id, Map.of("status", status)));
  }

  private static JsonNode patch(User user, JsonNode task, String json) {
    var body = new tools.jackson.databind.json.JsonMapper().readTree(json);
    return user.expect(200, user.send("PATCH", path(task), body));
  }

  private static String path(JsonNode task) {
    return "/api/v1/orgs/%s/tasks/%s"
        .formatted(task.get("org_id").asString(), task.get("task_id").asString());
  }

  private static String titles(User user, String path) {
    var titles = new ArrayList<String>();
    user.get(path).get("tasks").forEach(task -> titles.add(task.get("title").asString()));
    return String.join(",", titles);
  }

  private String refused(int status, java.net.http.HttpResponse<String> answer) {
    return ann.expect(status, answer).get("code").asString();
  }

  private String jobs(JsonNode task) {
    return job(task, "count(*)::text");
  }

  private String job(JsonNode task, String what) {
    return TestDatabase.ask(
        database.superuser(),
        "select %s from parley.scheduled_job where task_instance like '%%/%s'"
            .formatted(what, task.get("task_id").asString()));
  }
}
