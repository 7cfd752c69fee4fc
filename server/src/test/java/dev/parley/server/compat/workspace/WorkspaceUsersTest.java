package dev.parley.server.compat.workspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.server.compat.SeedHttp;
import dev.parley.server.compat.SeedHttp.Reply;
import dev.parley.server.testing.Person;
import dev.parley.server.testing.PostgresExtension;
import dev.parley.server.testing.TestDatabase;
import dev.parley.server.testing.TestServer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The first seed's users and tasks, as its API reference tells them.
@ExtendWith(PostgresExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class WorkspaceUsersTest {
  private static final String NOBODY = "00000000-0000-4000-8000-000000000000";

  private final TestServer server;
  private final TestDatabase database;
  private final SeedHttp http;

  WorkspaceUsersTest(TestDatabase database) {
    this.database = database;
    this.server = TestServer.start(database, Map.of());
    this.http = new SeedHttp(server.http());
  }

  @AfterAll
  void stop() {
    server.close();
  }

  // ---- users

  @Test
  void createsAUser() {
    var reply =
        http.post(
            "/api/v1/users",
            """
            {"username":"alice","email":"alice@example.com","full_name":"Alice A","org_id":"org1"}""");
    assertThat(reply.status()).isEqualTo(201);
    var user = reply.json();
    assertThat(user.propertyNames())
        .containsExactlyInAnyOrder(
            "id", "username", "email", "full_name", "org_id", "created_at", "updated_at");
    assertThat(UUID.fromString(user.get("id").asString())).isNotNull();
    assertThat(user.get("org_id").asString()).isEqualTo("org1");
    assertThat(user.get("created_at").asString()).endsWith("Z");
    assertThat(http.get("/api/v1/users/" + user.get("id").asString()).json()).isEqualTo(user);
    assertThat(http.get("/api/v1/users/search?username=alice").json()).isEqualTo(user);
  }

  @Test
  void aUserNeedsNameAddressAndOrganization() {
    for (var body :
        List.of(
            "{}",
            "{\"username\":\"x\",\"email\":\"x@x\"}",
            "{\"username\":\"\",\"email\":\"x@x\",\"org_id\":\"o\"}")) {
      assertError(
          http.post("/api/v1/users", body),
          400,
          "Missing required fields: username, email, org_id");
    }
    for (var body : List.of("", "{", "[]", "{\"username\":1}")) {
      assertError(http.post("/api/v1/users", body), 400, "Invalid request body");
    }
  }

  @Test
  void namesAndAddressesAreTakenOnce() {
    create("bob", "bob@x", "o");
    assertError(post("bob", "other@x", "o"), 409, "username already exists");
    assertError(post("other", "bob@x", "o"), 409, "email already exists");
    var carl = create("carl", "carl@x", "o");
    assertError(
        http.put("/api/v1/users/" + carl, "{\"username\":\"bob\"}"),
        409,
        "username already exists");
  }

  @Test
  void aChangeKeepsWhatIsAbsentOrEmpty() {
    var id = create("dora", "dora@x", "o");
    var changed =
        http.put(
            "/api/v1/users/" + id,
            "{\"full_name\":\"Dora D\",\"email\":\"\",\"org_id\":\"elsewhere\"}");
    assertThat(changed.status()).isEqualTo(200);
    assertThat(changed.json().get("full_name").asString()).isEqualTo("Dora D");
    assertThat(changed.json().get("email").asString()).isEqualTo("dora@x");
    assertThat(changed.json().get("org_id").asString()).isEqualTo("o");
    assertThat(http.get("/api/v1/users/" + id).json()).isEqualTo(changed.json());
  }

  @Test
  void anOrganizationsUsersComeNewestFirst() {
    create("first", "first@x", "list");
    create("second", "second@x", "list");
    create("third", "third@x", "another");
    var names = new ArrayList<String>();
    http.get("/api/v1/orgs/list/users")
        .json()
        .forEach(user -> names.add(user.get("username").asString()));
    assertThat(names).containsExactly("second", "first");
    assertThat(http.get("/api/v1/orgs/nowhere/users").body()).isEqualTo("[]");
  }

  @Test
  void deletingAUserTakesTheirTasksAndJobs() {
    var id = create("erin", "erin@x", "o");
    var task = task(id, "{\"title\":\"t\",\"due_date\":\"2099-01-01T00:00:00Z\"}");
    assertThat(jobs(task)).isEqualTo("1");
    assertThat(http.delete("/api/v1/users/" + id).status()).isEqualTo(204);
    assertError(http.get("/api/v1/users/" + id), 404, "user not found");
    assertError(http.get("/api/v1/tasks/" + task), 404, "task not found");
    assertThat(jobs(task)).isEqualTo("0");
    assertError(http.delete("/api/v1/users/" + id), 404, "user not found");
  }

  @ParameterizedTest
  @ValueSource(strings = {NOBODY, "no-uuid", "register"})
  void whoIsNotThereIsNotFound(String id) {
    var path = "/api/v1/users/" + id;
    assertError(http.get(path), 404, "user not found");
    assertError(http.put(path, "{}"), 404, "user not found");
    assertError(http.delete(path), 404, "user not found");
    assertError(http.post(path + "/tasks", "{\"title\":\"t\"}"), 404, "user not found");
    assertError(http.get("/api/v1/users/search?username=" + id), 404, "user not found");
  }

  @Test
  void aSearchNeedsAName() {
    assertError(http.get("/api/v1/users/search"), 400, "username query parameter is required");
  }

  // ---- tasks

  @Test
  void aTaskStartsPendingAndMedium() {
    var user = create("fred", "fred@x", "o");
    var reply =
        http.post(
            "/api/v1/users/" + user + "/tasks",
            "{\"title\":\"Pay\",\"status\":\"completed\",\"due_date\":\"2099-05-01T12:00:00+02:00\"}");
    assertThat(reply.status()).isEqualTo(201);
    var task = reply.json();
    assertThat(task.propertyNames())
        .containsExactlyInAnyOrder(
            "id",
            "user_id",
            "title",
            "description",
            "status",
            "priority",
            "due_date",
            "created_at",
            "updated_at");
    assertThat(task.get("user_id").asString()).isEqualTo(user);
    assertThat(task.get("status").asString()).isEqualTo("pending");
    assertThat(task.get("priority").asString()).isEqualTo("medium");
    assertThat(task.get("due_date").asString()).isEqualTo("2099-05-01T10:00:00Z");
    assertThat(http.get("/api/v1/tasks/" + task.get("id").asString()).json()).isEqualTo(task);
  }

  @Test
  void malformedTasksAreRefused() {
    var tasks = "/api/v1/users/" + create("gina", "gina@x", "o") + "/tasks";
    assertError(http.post(tasks, "{}"), 400, "Missing required field: title");
    assertError(http.post(tasks, "{\"title\":\"\"}"), 400, "Missing required field: title");
    assertError(
        http.post(tasks, "{\"title\":\"t\",\"due_date\":\"soon\"}"), 400, "Invalid request body");
    assertError(
        http.post(tasks, "{\"title\":\"t\",\"priority\":\"extreme\"}"), 400, "invalid priority");
    assertThat(http.get(tasks).body()).isEqualTo("[]");
  }

  @Test
  void completedAtComesAndGoesWithTheStatus() {
    var task = task(create("hank", "hank@x", "o"), "{\"title\":\"t\"}");
    var path = "/api/v1/tasks/" + task;
    var done = http.put(path, "{\"status\":\"completed\"}").json();
    assertThat(done.get("completed_at").asString()).endsWith("Z");
    var renamed = http.put(path, "{\"title\":\"u\",\"description\":\"\"}").json();
    assertThat(renamed.get("completed_at")).isEqualTo(done.get("completed_at"));
    assertThat(renamed.get("title").asString()).isEqualTo("u");
    assertThat(http.put(path, "{\"status\":\"in_progress\"}").json().has("completed_at")).isFalse();
    assertError(http.put(path, "{\"status\":\"done\"}"), 400, "invalid status");
    assertError(http.put(path, "{\"priority\":\"x\"}"), 400, "invalid priority");
  }

  @Test
  void aDueDateStaysUnlessAnotherIsGiven() {
    var task =
        task(
            create("ivan", "ivan@x", "o"),
            "{\"title\":\"t\",\"due_date\":\"2099-01-01T00:00:00Z\"}");
    var kept = http.put("/api/v1/tasks/" + task, "{\"due_date\":null}").json();
    assertThat(kept.get("due_date").asString()).isEqualTo("2099-01-01T00:00:00Z");
  }

  @Test
  void listsAreNewestFirstAndByStatus() {
    var user = create("jane", "jane@x", "o");
    var tasks = "/api/v1/users/" + user + "/tasks";
    task(user, "{\"title\":\"a\"}");
    var b = task(user, "{\"title\":\"b\"}");
    task(user, "{\"title\":\"c\"}");
    http.put("/api/v1/tasks/" + b, "{\"status\":\"completed\"}");
    assertThat(titles(tasks)).containsExactly("c", "b", "a");
    assertThat(titles(tasks + "?status=pending")).containsExactly("c", "a");
    assertThat(titles(tasks + "?status=completed")).containsExactly("b");
    assertThat(titles(tasks + "?status=unknown")).isEmpty();
  }

  @Test
  void dueSoonIsWhatIsOpenAndDueOrOverdue() {
    var user = create("kate", "kate@x", "o");
    var tasks = "/api/v1/users/" + user + "/tasks";
    task(user, due("in two hours", 2));
    task(user, due("overdue", -2));
    task(user, due("in two days", 48));
    task(user, "{\"title\":\"whenever\"}");
    var done = task(user, due("done", 1));
    http.put("/api/v1/tasks/" + done, "{\"status\":\"completed\"}");
    var cancelled = task(user, due("cancelled", 1));
    http.put("/api/v1/tasks/" + cancelled, "{\"status\":\"cancelled\"}");
    assertThat(titles(tasks + "/due-soon")).containsExactly("overdue", "in two hours");
    assertThat(titles(tasks + "/due-soon?hours=x")).containsExactly("overdue", "in two hours");
    assertThat(titles(tasks + "/due-soon?hours=72"))
        .containsExactly("overdue", "in two hours", "in two days");
    assertThat(titles(tasks + "/due-soon?hours=1")).containsExactly("overdue");
    assertThat(titles(tasks + "/due-soon?hours=999999999999")).hasSize(3);
  }

  @ParameterizedTest
  @ValueSource(strings = {NOBODY, "no-uuid"})
  void whatIsNoTaskIsNotFound(String id) {
    var path = "/api/v1/tasks/" + id;
    assertError(http.get(path), 404, "task not found");
    assertError(http.put(path, "{\"title\":\"t\"}"), 404, "task not found");
    assertError(http.delete(path), 404, "task not found");
  }

  @Test
  void aTaskIsDeleted() {
    var path = "/api/v1/tasks/" + task(create("leo", "leo@x", "o"), "{\"title\":\"t\"}");
    assertThat(http.delete(path).status()).isEqualTo(204);
    assertError(http.get(path), 404, "task not found");
    assertError(http.delete(path), 404, "task not found");
  }

  @Test
  void aDueTaskIsInTheUsersOwnLogOnce() {
    var user = create("mona", "mona@x", "o");
    var task =
        task(
            user,
            "{\"title\":\"now\",\"due_date\":\""
                + Instant.now().plus(Duration.ofMillis(200))
                + "\"}");
    var events =
        "select count(*) from parley.user_event where kind = 'task_due' and user_id = 'open:directory:"
            + user
            + "'";
    await().until(() -> TestDatabase.ask(database.superuser(), events).equals("1"));
    assertThat(jobs(task)).isEqualTo("0");
  }

  // ---- two realms

  @Test
  void theDirectoryAndTheAccountsNeverMeet() {
    var account = Person.signUp(server, "nora");
    assertError(http.get("/api/v1/users/" + account.id()), 404, "user not found");
    assertError(http.get("/api/v1/users/search?username=nora"), 404, "user not found");
    assertError(
        http.post("/api/v1/users/" + account.id() + "/tasks", "{\"title\":\"t\"}"),
        404,
        "user not found");
    var user = create("nora", "nora@x", "o");
    assertThat(user).isNotEqualTo(account.id());
    var org = account.organization("Org");
    account
        .post("/api/v1/orgs/" + org + "/tasks", Map.of("title", "t", "assignee_id", user))
        .require(404);
    var open = task(user, "{\"title\":\"open\"}");
    account.get("/api/v1/orgs/" + org + "/tasks/" + open).require(404);
    var closed =
        account
            .post("/api/v1/orgs/" + org + "/tasks", Map.of("title", "closed"))
            .require(201)
            .get("task_id")
            .asString();
    assertError(http.get("/api/v1/tasks/" + closed), 404, "task not found");
    assertError(http.put("/api/v1/tasks/" + closed, "{\"title\":\"x\"}"), 404, "task not found");
    assertError(http.delete("/api/v1/tasks/" + closed), 404, "task not found");
    assertError(
        http.post("/api/v1/orgs/ws.users/groups", "{\"id\":\"g\",\"name\":\"G\"}"),
        404,
        "Organization not found");
    assertThat(http.get("/api/v1/orgs").body()).doesNotContain("Directory");
  }

  private Reply post(String username, String email, String org) {
    return http.post(
        "/api/v1/users",
        "{\"username\":\"%s\",\"email\":\"%s\",\"org_id\":\"%s\"}".formatted(username, email, org));
  }

  private String create(String username, String email, String org) {
    var reply = post(username, email, org);
    assertThat(reply.status()).as(reply.body()).isEqualTo(201);
    return reply.json().get("id").asString();
  }

  private String task(String user, String body) {
    var reply = http.post("/api/v1/users/" + user + "/tasks", body);
    assertThat(reply.status()).as(reply.body()).isEqualTo(201);
    return reply.json().get("id").asString();
  }

  private static String due(String title, int hours) {
    return "{\"title\":\"%s\",\"due_date\":\"%s\"}"
        .formatted(title, Instant.now().plus(Duration.ofHours(hours)));
  }

  private List<String> titles(String path) {
    var titles = new ArrayList<String>();
    http.get(path).json().forEach(task -> titles.add(task.get("title").asString()));
    return titles;
  }

  private String jobs(String task) {
    return TestDatabase.ask(
        database.superuser(),
        "select count(*) from parley.scheduled_job where task_instance like '%/" + task + "'");
  }

  private static void assertError(Reply reply, int status, String text) {
    assertThat(reply.status()).as(reply.body()).isEqualTo(status);
    assertThat(reply.error()).isEqualTo(text);
  }
}
