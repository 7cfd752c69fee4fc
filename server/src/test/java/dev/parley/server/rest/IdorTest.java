package dev.parley.server.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.server.rest.http.Route;
import dev.parley.server.testing.PostgresExtension;
import dev.parley.server.testing.TestDatabase;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/// Every route × every id in its path or body, with the ids of another organization: the answer is
/// byte for byte the one for ids that nobody has, nothing is changed there and nobody is told.
@ExtendWith(PostgresExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class IdorTest {
  /// Names that identify something; a route with any other parameter must be sorted in here or
  /// under `NO_ID`, or the test fails.
  private static final List<String> IDS =
      List.of(
          "org_id", "room_id", "user_id", "message_id", "code", "device_id", "task_id", "file_id");

  private static final List<String> NO_ID = List.of("emoji");

  /// Bodies with which the routes get past the checks of their shape.
  private static final Map<String, Map<String, Object>> BODIES =
      Map.ofEntries(
          Map.entry("changePassword", Map.of("current_password", "x", "new_password", "y")),
          Map.entry("createOrg", Map.of("name", "x")),
          Map.entry("broadcast", Map.of("content", "x")),
          Map.entry("createRoom", Map.of("name", "x", "kind", "public")),
          Map.entry("addOrgMember", Map.of("user_id", "{user_id}", "role", "guest")),
          Map.entry("changeOrgMember", Map.of("role", "guest")),
          Map.entry("openDirect", Map.of("user_id", "{user_id}")),
          Map.entry("changeRoom", Map.of("topic", "x")),
          Map.entry("addMember", Map.of("user_id", "{user_id}")),
          Map.entry("changeMember", Map.of("role", "guest")),
          Map.entry("createTask", Map.of("title", "x", "assignee_id", "{user_id}")),
          Map.entry("changeTask", Map.of("title", "x")),
          Map.entry("markNotificationsSeen", Map.of("me", 0)),
          Map.entry("markRead", Map.of("message_id", "{message_id}")),
          Map.entry("createInvite", Map.of("uses", 1)),
          Map.entry("postMessage", Map.of("content", "x", "thread_id", "{message_id}")),
          Map.entry("editMessage", Map.of("content", "x")));

  private RestFixture rest;
  private TestDatabase database;
  private User mallory;
  private Map<String, String> foreign;
  private Map<String, String> own;
  private String victims;

  @BeforeAll
  void start(TestDatabase database) {
    this.database = database;
    rest = new RestFixture(database.database());
    foreign = world(rest.user());
    mallory = rest.user();
    own = world(mallory);
    victims = rows();
  }

  @AfterAll
  void stop() throws InterruptedException {
    rest.close();
  }

  @TestFactory
  Stream<DynamicTest> foreignIdsAnswerLikeIdsThatNobodyHas() {
    return rest.api.routes().stream()
        .filter(route -> route.policy().needsToken())
        .flatMap(this::cases);
  }

  private Stream<DynamicTest> cases(Route route) {
    var names = idsOf(route);
    if (route.operation().equals("addOrgMember")) {
      // Accounts belong to no organization: any of them may be added.
      names.remove("user_id");
    }
    var tests = new ArrayList<DynamicTest>();
    if (!names.isEmpty()) {
      tests.add(DynamicTest.dynamicTest(route.operation() + " all", () -> compare(route, names)));
    }
    for (var name : names) {
      tests.add(
          DynamicTest.dynamicTest(
              route.operation() + " " + name, () -> compare(route, List.of(name))));
    }
    return tests.stream();
  }

  private void compare(Route route, List<String> names) {
    int told = rest.heard.told.get();
    var mixed = new LinkedHashMap<>(own);
    names.forEach(name -> mixed.put(name, foreign.get(name)));
    var toForeign = send(route, mixed);
    boolean container =
        names.contains("org_id")
            || names.contains("room_id")
            || names.contains("code")
            || names.contains("task_id")
            || names.contains("file_id")
            || names.contains("device_id");
    if (container) {
      assertThat(rest.heard.told.get()).as("events told").isEqualTo(told);
    }
    names.forEach(name -> mixed.put(name, nobodys(name)));
    var toNobodys = send(route, mixed);
    assertThat(toForeign.statusCode()).isEqualTo(toNobodys.statusCode());
    if (toForeign.statusCode() >= 300) {
      assertThat(toForeign.body()).isEqualTo(toNobodys.body());
    }
    assertThat(toForeign.headers().map().keySet()).isEqualTo(toNobodys.headers().map().keySet());
    if (container) {
      assertThat(toForeign.statusCode()).as(toForeign.body()).isEqualTo(404);
    }
    assertThat(rows()).isEqualTo(victims);
  }

  private HttpResponse<String> send(Route route, Map<String, String> ids) {
    var request = mallory.request(fill(route.path(), ids)).header("X-Request-Id", "same");
    var body = BODIES.getOrDefault(route.operation(), Map.of());
    assertThat(route.doc().takes().isPresent())
        .as("a body for " + route.operation())
        .isEqualTo(!body.isEmpty());
    return rest.send(
        request.method(route.verb().name(), HttpRequest.BodyPublishers.ofString(json(body, ids))));
  }

  private static String fill(String template, Map<String, String> ids) {
    var text = template.replace("{emoji}", "x");
    for (var id : ids.entrySet()) {
      text = text.replace("{" + id.getKey() + "}", id.getValue());
    }
    return text;
  }

  private static String json(Map<String, Object> body, Map<String, String> ids) {
    var fields = new ArrayList<String>();
    body.forEach(
        (name, value) -> {
          boolean number = value instanceof Integer || value.equals("{message_id}");
          var text = fill(value.toString(), ids);
          fields.add("\"" + name + "\":" + (number ? text : "\"" + text + "\""));
        });
    return "{" + String.join(",", fields) + "}";
  }

  private static List<String> idsOf(Route route) {
    var names = new ArrayList<String>();
    for (var name : route.parameters()) {
      assertThat(IDS.contains(name) || NO_ID.contains(name)).as("parameter " + name).isTrue();
      if (IDS.contains(name)) {
        names.add(name);
      }
    }
    BODIES.getOrDefault(route.operation(), Map.of()).values().stream()
        .map(Object::toString)
        .filter(value -> value.startsWith("{"))
        .map(value -> value.substring(1, value.length() - 1))
        .filter(name -> !names.contains(name))
        .forEach(names::add);
    return names;
  }

  private String nobodys(String name) {
    return switch (name) {
      case "message_id" -> "9007199254740000";
      case "code" -> rest.ids.uuid() + ".AAAAAAAAAAAAAAAAAAAAAAAA";
      default -> rest.ids.uuid().toString();
    };
  }

  /// An organization with one of each.
  private Map<String, String> world(User owner) {
    var other = rest.user();
    var org = owner.createOrg("Org");
    owner.addToOrg(org, other, "member");
    var room = owner.createRoom(org, "room", "private");
    owner.addToRoom(room, other);
    var message = owner.say(room, "secret");
    var code =
        owner
            .post(201, "/api/v1/rooms/" + room + "/invites", Map.of("uses", 9))
            .get("code")
            .asString();
    var ids = new LinkedHashMap<String, String>();
    ids.put("org_id", org);
    ids.put("room_id", room);
    ids.put("user_id", other.id());
    ids.put("message_id", Long.toString(message));
    ids.put("code", code);
    ids.put(
        "task_id",
        owner
            .post(201, "/api/v1/orgs/" + org + "/tasks", Map.of("title", "secret"))
            .get("task_id")
            .asString());
    ids.put(
        "device_id",
        other.get("/api/v1/devices").get("devices").get(0).get("device_id").asString());
    ids.put("file_id", owner.upload(org, "a.txt", "secret").get("file_id").asString());
    return ids;
  }

  /// All rows of the other organization in all tables that have tenants.
  private String rows() {
    var admin = database.superuser();
    try (var connection =
            DriverManager.getConnection(admin.jdbcUrl(), admin.user(), admin.password());
        var statement = connection.createStatement()) {
      var tables = new ArrayList<String>();
      try (var names =
          statement.executeQuery(
              "select table_name from information_schema.columns where table_schema = 'parley' and"
                  + " column_name = 'org_id' order by 1")) {
        while (names.next()) {
          tables.add(names.getString(1));
        }
      }
      assertThat(tables).contains("org", "org_member", "room", "room_member", "room_event");
      var all = new StringBuilder();
      for (var table : tables) {
        try (var rows =
            statement.executeQuery(
                "select md5(string_agg(t::text, '|' order by t::text)) from parley.%s t where org_id = '%s'"
                    .formatted(table, foreign.get("org_id")))) {
          rows.next();
          all.append(table).append('=').append(rows.getString(1)).append('\n');
        }
      }
      return all.toString();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
