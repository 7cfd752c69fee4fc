package dev.parley.server.compat.workspace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.server.compat.SeedHttp;
import dev.parley.server.compat.SeedHttp.Reply;
import dev.parley.server.testing.PostgresExtension;
import dev.parley.server.testing.TestDatabase;
import dev.parley.server.testing.TestServer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

@ExtendWith(PostgresExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class WorkspaceRoutesTest {
  private final TestServer server;
  private final TestDatabase database;
  private final SeedHttp http;

  WorkspaceRoutesTest(TestDatabase database) {
    this.database = database;
    this.server = TestServer.start(database, Map.of());
    this.http = new SeedHttp(server.http());
  }

  @BeforeAll
  void createRoom() {
    assertThat(create("/api/v1/orgs", "acme", "Acme Corp").status()).isEqualTo(201);
    assertThat(create("/api/v1/orgs/acme/groups", "eng", "Engineering").status()).isEqualTo(201);
  }

  @AfterAll
  void stop() {
    server.close();
  }

  // ---- organizations and groups

  @Test
  void createsAnOrganization() {
    var reply = create("/api/v1/orgs", "org1", "Acme Corp");
    assertThat(reply.status()).isEqualTo(201);
    assertThat(reply.json().toString())
        .isEqualTo(
            """
            {"status":"success","message":"Organization Acme Corp created successfully","org_id":"org1"}""");
    assertThat(http.get("/api/v1/orgs").json().toString())
        .contains("{\"id\":\"org1\",\"name\":\"Acme Corp\"}");
  }

  @Test
  void createsAGroup() {
    create("/api/v1/orgs", "org2", "Two");
    assertThat(http.get("/api/v1/orgs/org2/groups").body()).isEqualTo("[]");
    var reply = create("/api/v1/orgs/org2/groups", "group1", "Engineering");
    assertThat(reply.status()).isEqualTo(201);
    assertThat(reply.json().toString())
        .isEqualTo(
            """
            {"status":"success","message":"Group Engineering created successfully","org_id":"org2","group_id":"group1"}""");
    assertThat(http.get("/api/v1/orgs/org2/groups").body())
        .isEqualTo("[{\"id\":\"group1\",\"name\":\"Engineering\"}]");
  }

  @Test
  void idsAreTakenOnce() {
    assertError(create("/api/v1/orgs", "acme", "Again"), 409, "Organization already exists");
    assertError(create("/api/v1/orgs/acme/groups", "eng", "Again"), 409, "Group already exists");
    create("/api/v1/orgs", "other", "Other");
    assertThat(create("/api/v1/orgs/other/groups", "eng", "Same id").status()).isEqualTo(201);
  }

  @Test
  void anIdIsTakenOnceAlsoInARace() throws Exception {
    var statuses = new ArrayList<Integer>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var replies =
          IntStream.range(0, 8)
              .mapToObj(i -> threads.submit(() -> create("/api/v1/orgs", "raced", "Raced")))
              .toList();
      for (var reply : replies) {
        statuses.add(reply.get().status());
      }
    }
    assertThat(statuses).containsOnly(201, 409).containsOnlyOnce(201);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "[]", "null", "{\"id\":5,\"name\":\"x\"}", "\"text\""})
  void refusesBodiesThatAreNoObject(String body) {
    assertError(http.post("/api/v1/orgs", body), 400, "Invalid request body");
    assertError(http.post("/api/v1/orgs/acme/groups", body), 400, "Invalid request body");
    assertError(http.post("/api/v1/orgs/nowhere/groups", body), 400, "Invalid request body");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"id\":\"x\"}",
        "{\"id\":\"\",\"name\":\"x\"}",
        "{\"id\":\"x\",\"name\":\"\"}"
      })
  void refusesBodiesThatLackAField(String body) {
    var text = "Missing required fields: ID and Name";
    assertError(http.post("/api/v1/orgs", body), 400, text);
    assertError(http.post("/api/v1/orgs/nowhere/groups", body), 400, text);
  }

  @Test
  void unknownFieldsAndAnyContentTypeAreFine() {
    assertThat(http.post("/api/v1/orgs", "{\"id\":\"f\",\"name\":\"F\",\"extra\":[1]}").status())
        .isEqualTo(201);
  }

  @Test
  void theIdOfTheDirectMessagesIsReserved() {
    assertError(create("/api/v1/orgs", "dm", "Mine"), 400, "Organization id dm is reserved");
    assertError(http.get("/api/v1/orgs/dm/groups"), 404, "Organization not found");
  }

  @Test
  void whatCannotBeKeptIsRefused() {
    assertThat(create("/api/v1/orgs", "x".repeat(129), "Long").status()).isEqualTo(400);
    assertThat(create("/api/v1/orgs", "\\u0000", "Nul").status()).isEqualTo(400);
    assertThat(http.get("/api/v1/orgs/%00/groups").status()).isEqualTo(400);
  }

  @Test
  void anyTextIsAnId() {
    var id = "Büro 1/ä?#";
    create("/api/v1/orgs", id, "Office");
    assertThat(http.get("/api/v1/orgs/" + SeedHttp.escaped(id) + "/groups").body()).isEqualTo("[]");
  }

  @Test
  void groupsOfNoOrganization() {
    assertError(create("/api/v1/orgs/nowhere/groups", "g", "G"), 404, "Organization not found");
    assertError(http.get("/api/v1/orgs/nowhere/groups"), 404, "Organization not found");
  }

  @Test
  void otherMethodsAreUnknown() {
    assertThat(http.post("/api/v1/orgs/acme/groups/eng/messages", "{}").status()).isIn(404, 405);
  }

  // ---- broadcasts

  @Test
  void broadcastsAreKept() {
    group("b1");
    var toGroup = http.post("/api/v1/orgs/acme/groups/b1/broadcast", "{\"content\":\"one\"}");
    assertThat(toGroup.status()).isEqualTo(200);
    assertThat(toGroup.body()).isEqualTo("{\"status\":\"Message broadcasted to group\"}");
    var toOrg =
        http.post("/api/v1/orgs/acme/broadcast", "{\"content\":\"two\",\"client_id\":\"boss\"}");
    assertThat(toOrg.status()).isEqualTo(200);
    assertThat(toOrg.body()).isEqualTo("{\"status\":\"Message broadcasted to organization\"}");
    var newest = messages("b1", "/messages");
    assertThat(contents(newest)).containsExactly("two", "one");
    assertThat(newest.get(0).get("client_id").asString()).isEqualTo("boss");
    assertThat(newest.get(1).get("client_id").asString()).isEmpty();
  }

  @Test
  void aBroadcastMayBeEmpty() {
    group("b2");
    assertThat(http.post("/api/v1/orgs/acme/groups/b2/broadcast", "{}").status()).isEqualTo(200);
    assertThat(contents(messages("b2", "/messages"))).containsExactly("");
  }

  @Test
  void aBroadcastToNobodyIsRefusedBeforeItsBodyIsRead() {
    assertError(http.post("/api/v1/orgs/nowhere/broadcast", "{"), 404, "Organization not found");
    assertError(
        http.post("/api/v1/orgs/acme/groups/none/broadcast", "{"),
        404,
        "Organization or group not found");
    assertError(http.post("/api/v1/orgs/acme/broadcast", "{"), 400, "Invalid message format");
    assertError(
        http.post("/api/v1/orgs/acme/groups/eng/broadcast", "{\"content\":1}"),
        400,
        "Invalid message format");
  }

  // ---- history

  @Test
  void aMessageOfTheHistory() {
    group("h1");
    var before = Instant.now().minusSeconds(1);
    http.post(
        "/api/v1/orgs/acme/groups/h1/broadcast",
        "{\"content\":\"hello <b>\",\"client_id\":\"ann\",\"recipient_id\":\"bob\"}");
    var message = messages("h1", "/messages").get(0);
    assertThat(message.get("id").asString()).hasSize(36);
    assertThat(message.get("org_id").asString()).isEqualTo("acme");
    assertThat(message.get("group_id").asString()).isEqualTo("h1");
    assertThat(message.get("client_id").asString()).isEqualTo("ann");
    assertThat(message.get("recipient_id").asString()).isEqualTo("bob");
    assertThat(message.get("content").asString()).isEqualTo("hello <b>");
    assertThat(Instant.parse(message.get("timestamp").asString()))
        .isBetween(before, Instant.now().plusSeconds(1));
  }

  @Test
  void theNewestComeFirstAndFiftyOfThem() {
    group("h2");
    say("h2", 60);
    assertThat(contents(messages("h2", "/messages"))).isEqualTo(numbers(59, 10));
    assertThat(contents(messages("h2", "/messages?limit=3"))).isEqualTo(numbers(59, 57));
    assertThat(messages("h2", "/messages?limit=0")).hasSize(50);
    assertThat(messages("h2", "/messages?limit=-1")).hasSize(50);
    assertThat(messages("h2", "/messages?limit=many")).hasSize(50);
    assertThat(messages("h2", "/messages?limit=5000")).hasSize(60);
    assertThat(get("h2", "/messages/count").json().get("count").asInt()).isEqualTo(60);
  }

  @Test
  void theOrderInsideASecondIsThatOfArrival() {
    group("h3");
    say("h3", 40);
    var all = contents(messages("h3", "/messages/after?after=0&limit=1000"));
    assertThat(all).isEqualTo(numbers(0, 39));
  }

  @Test
  void timesAreInclusive() {
    group("h4");
    say("h4", 10);
    // Message n is moved to second 1000 + n, the fourth to its end, and the last three into one.
    database.execute(
        """
        update parley.room_event e set at = to_timestamp(1000 + least(e.seq - 1, 7) + case e.seq when 5 then 0.999 else 0 end)
          from parley.room r where r.room_id = e.room_id and r.alias = 'h4' and e.seq is not null
        """,
        """
        update parley.room_event e set at = to_timestamp(1)
          from parley.room r where r.room_id = e.room_id and r.alias = 'h4' and e.seq is null
        """);
    assertThat(contents(messages("h4", "/messages/after?after=1005"))).isEqualTo(numbers(5, 9));
    assertThat(contents(messages("h4", "/messages/after?after=1007"))).isEqualTo(numbers(7, 9));
    assertThat(messages("h4", "/messages/after?after=1008")).isEmpty();
    assertThat(contents(messages("h4", "/messages/after?after=1002&limit=2")))
        .isEqualTo(numbers(2, 3));
    assertThat(contents(messages("h4", "/messages/between?start=1002&end=1004")))
        .isEqualTo(numbers(2, 4));
    assertThat(contents(messages("h4", "/messages/between?start=1007&end=1007")))
        .isEqualTo(numbers(7, 9));
    assertThat(messages("h4", "/messages/between?start=1004&end=1002")).isEmpty();
    assertThat(messages("h4", "/messages/after?after=-9223372036854775808")).hasSize(10);
    assertThat(messages("h4", "/messages/after?after=9223372036854775807")).isEmpty();
  }

  @Test
  void timesAreRequired() {
    var required = " query parameter is required (Unix timestamp)";
    assertError(get("eng", "/messages/after"), 400, "after" + required);
    assertError(get("eng", "/messages/after?after=x"), 400, "Invalid after timestamp");
    assertError(get("eng", "/messages/between"), 400, "start" + required);
    assertError(get("eng", "/messages/between?start=x"), 400, "Invalid start timestamp");
    assertError(get("eng", "/messages/between?start=1"), 400, "end" + required);
    assertError(get("eng", "/messages/between?start=1&end=x"), 400, "Invalid end timestamp");
  }

  @Test
  void anUnknownGroupHasNoHistory() {
    var none = "{\"messages\":[],\"count\":0}";
    assertThat(get("none", "/messages").body()).isEqualTo(none);
    assertThat(get("none", "/messages/after?after=1").body()).isEqualTo(none);
    assertThat(get("none", "/messages/count").body()).isEqualTo("{\"count\":0}");
    assertThat(http.get("/api/v1/orgs/dm/groups/a_b/messages").body()).isEqualTo(none);
  }

  @Test
  void withoutTheOpenRealmNothingAnswers() {
    try (var closed = TestServer.start(database, Map.of("COMPAT_OPEN", "off"))) {
      var client = new SeedHttp(closed.http());
      for (var path :
          List.of(
              "/api/v1/orgs",
              "/api/v1/orgs/acme/groups",
              "/api/v1/orgs/acme/groups/eng/messages",
              "/api/v1/dm/a/b/history",
              "/ws/orgs/acme/groups/eng?clientId=a",
              "/ws/dm?clientId=a")) {
        var reply = client.get(path);
        assertThat(reply.status()).as(path).isEqualTo(401);
        assertThat(reply.error()).contains("COMPAT_OPEN");
      }
    }
  }

  private Reply create(String path, String id, String name) {
    return http.post(path, "{\"id\":\"%s\",\"name\":\"%s\"}".formatted(id, name));
  }

  private void group(String id) {
    assertThat(create("/api/v1/orgs/acme/groups", id, id).status()).isEqualTo(201);
  }

  private void say(String group, int count) {
    for (int i = 0; i < count; i++) {
      http.post("/api/v1/orgs/acme/groups/" + group + "/broadcast", "{\"content\":\"" + i + "\"}");
    }
  }

  private Reply get(String group, String rest) {
    return http.get("/api/v1/orgs/acme/groups/" + group + rest);
  }

  private JsonNode messages(String group, String rest) {
    var json = get(group, rest).json();
    assertThat(json.get("count").asInt()).isEqualTo(json.get("messages").size());
    return json.get("messages");
  }

  private static List<String> contents(JsonNode messages) {
    var contents = new ArrayList<String>();
    messages.forEach(message -> contents.add(message.get("content").asString()));
    return contents;
  }

  private static List<String> numbers(int from, int to) {
    var step = from <= to ? 1 : -1;
    return IntStream.iterate(from, i -> i != to + step, i -> i + step)
        .mapToObj(Integer::toString)
        .toList();
  }

  private static void assertError(Reply reply, int status, String text) {
    assertThat(reply.status()).isEqualTo(status);
    assertThat(reply.error()).isEqualTo(text);
  }
}
