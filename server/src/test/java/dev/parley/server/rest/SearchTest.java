package dev.parley.server.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.server.testing.PostgresExtension;
import dev.parley.server.testing.TestDatabase;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// Finding messages, in many languages and only where one may look.
@ExtendWith(PostgresExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class SearchTest {
  private TestDatabase database;
  private RestFixture rest;
  private User ann;
  private User bob;
  private String org;
  private String room;

  @BeforeAll
  void start(TestDatabase given) {
    database = given;
    rest = new RestFixture(given.database());
    ann = rest.user();
    bob = rest.user();
    org = ann.createOrg("Acme");
    ann.addToOrg(org, bob, "member");
    room = ann.createRoom(org, "Big Room", "private");
    ann.addToRoom(room, bob);
  }

  @AfterAll
  void stop() throws InterruptedException {
    rest.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Die Prüfung der Straße | prufung STRASSE",
        "Die Prufung der Strasse | Prüfung Straße",
        "İSTANBUL ve IĞDIR ılık | istanbul ığdır ILIK",
        "我们在研究数据库系统 | 数据库",
        "我们在研究数据库系统 | 系",
        "東京都でデータベースを使う | データベース",
        "東京都でデータベースを使う | 東京",
        "한국어 검색 시험 | 검색",
        "كِتَابٌ جديد في المكتبة | كتاب",
        "ภาษาไทยไม่มีช่องว่าง | ช่องว่าง",
        "Привет, Ёжик! Съешь ещё | ежик ЕЩЕ",
        "party 🎉 tonight | 🎉",
        "ｆｕｌｌｗｉｄｔｈ ① | fullwidth",
        "naïve café | NAIVE cafe",
        "see build-4711/main.java now | build-4711",
        "it's o'clock \\ quoted | o'clock",
        "documentation of things | docum*",
        "the quick brown fox | \"quick brown\"",
      })
  void wordsAreFoundInAnyLanguage(String content, String query) {
    var id = ann.say(room, content);
    index();
    assertThat(ids(find(bob, query))).contains(id);
  }

  @Test
  void whatDoesNotFitIsNotFound() {
    var id = ann.say(room, "alpha beta gamma 数据库");
    index();
    for (var query : List.of("\"beta alpha\"", "alpha -beta", "alph", "alpha delta", "数库")) {
      assertThat(ids(find(bob, query))).as(query).doesNotContain(id);
    }
  }

  @Test
  void operatorsNarrowTheSearch() {
    var hers = ann.say(room, "operators https://example.org/x");
    var his = bob.say(room, "operators plain");
    bob.expect(
        204, bob.send("PUT", "/api/v1/rooms/" + room + "/messages/" + hers + "/reactions/x"));
    var file = ann.upload(org, "a.txt", "x").get("file_id").asString();
    var other = ann.createRoom(org, "other", "public");
    var with =
        ann.post(
                201,
                "/api/v1/rooms/" + other + "/messages",
                Map.of("content", "operators file", "attachments", List.of(file)))
            .get("message_id")
            .asLong();
    ann.expect(204, ann.send("PUT", "/api/v1/rooms/" + other + "/messages/" + with + "/pin"));
    index();
    assertThat(ids(find(bob, "operators"))).containsExactly(with, his, hers);
    assertThat(ids(find(bob, "operators from:me"))).containsExactly(his);
    assertThat(ids(find(bob, "operators from:@" + ann.name()))).containsExactly(with, hers);
    assertThat(ids(find(bob, "operators in:\"big room\""))).containsExactly(his, hers);
    assertThat(ids(find(bob, "operators in:" + other))).containsExactly(with);
    assertThat(ids(find(bob, "operators has:link"))).containsExactly(hers);
    assertThat(ids(find(bob, "operators has:reaction"))).containsExactly(hers);
    assertThat(ids(find(bob, "operators has:file"))).containsExactly(with);
    assertThat(ids(find(bob, "operators has:pin"))).containsExactly(with);
    assertThat(ids(find(bob, "operators before:2020-01-01"))).isEmpty();
    assertThat(ids(find(bob, "operators after:2020-01-01"))).hasSize(3);
    var page = find(bob, "operators", "&limit=2");
    assertThat(page.get("more").asBoolean()).isTrue();
    assertThat(ids(find(bob, "operators", "&limit=2&before=" + his))).containsExactly(hers);
  }

  @ParameterizedTest
  @ValueSource(strings = {"has:nothing", "color:red", "from:", "before:soon", "-in:x", "  ", "..."})
  void aBadQueryIsToldWhatIsAllowed(String query) {
    bob.expect(400, bob.send("GET", path(query)));
  }

  @Test
  void aHugeQueryIsRefused() {
    bob.expect(400, bob.send("GET", path("x".repeat(513))));
    bob.expect(400, bob.send("GET", path("before:+999999-01-01T00:00:00Z")));
    bob.expect(400, bob.send("GET", path("x ".repeat(100))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"'; drop table x; --", "a & b | !c", "<->", "\\", "''", "a:*", "\"", "(("})
  void nothingInAQueryIsCode(String query) {
    var answer = bob.send("GET", path(query));
    assertThat(answer.statusCode()).isIn(200, 400);
  }

  @Test
  void onlyRoomsThatOneSeesAreSearched() {
    var secret = ann.createRoom(org, "secret", "private");
    var open = ann.createRoom(org, "open", "public");
    var hidden = ann.say(secret, "whispered");
    var loud = ann.say(open, "whispered");
    index();
    assertThat(ids(find(ann, "whispered"))).containsExactly(loud, hidden);
    assertThat(ids(find(bob, "whispered"))).containsExactly(loud);
    ann.addToRoom(secret, bob);
    assertThat(ids(find(bob, "whispered"))).containsExactly(loud, hidden);
    ann.expect(204, ann.send("DELETE", "/api/v1/rooms/" + secret + "/members/" + bob.id()));
    ann.expect(204, ann.send("POST", "/api/v1/rooms/" + open + "/bans/" + bob.id()));
    assertThat(ids(find(bob, "whispered"))).isEmpty();
    var eve = rest.user();
    eve.expect(404, eve.send("GET", path("whispered")));
    var theirs = eve.createOrg("Eve's");
    assertThat(eve.get("/api/v1/orgs/" + theirs + "/search?q=whispered").get("findings")).isEmpty();
  }

  @Test
  void anEditIsFollowedAndADeletionIsAtOnce() {
    var id = ann.say(room, "fleeting");
    index();
    var message = "/api/v1/rooms/" + room + "/messages/" + id;
    ann.expect(200, ann.send("PATCH", message, Map.of("content", "lasting")));
    index();
    assertThat(ids(find(bob, "fleeting"))).isEmpty();
    assertThat(ids(find(bob, "lasting"))).containsExactly(id);
    ann.expect(204, ann.send("DELETE", message));
    assertThat(ids(find(bob, "lasting"))).isEmpty();
    assertThat(rows("message_id = " + id)).isEqualTo("0");
    index();
    assertThat(rows("message_id = " + id)).isEqualTo("0");
  }

  @Test
  void theIndexIsBuiltAnewAfterAnotherVersion() {
    var kept = ann.say(room, "reborn");
    var gone = ann.say(room, "reborn too");
    ann.expect(204, ann.send("DELETE", "/api/v1/rooms/" + room + "/messages/" + gone));
    index();
    database.execute(
        "delete from parley.search_entry", "update parley.search_mark set version = 0");
    assertThat(ids(find(ann, "reborn"))).isEmpty();
    index();
    assertThat(ids(find(ann, "reborn"))).containsExactly(kept);
  }

  @Test
  void whereTheWordsStandIsTold() {
    ann.say(room, "say höhle and Höhle, 数据库");
    index();
    var spans = find(bob, "hohle 数据库").get("findings").get(0).get("highlights");
    assertThat(StreamSupport.stream(spans.spliterator(), false).map(JsonNode::toString).toList())
        .containsExactly(
            "{\"start\":4,\"end\":9}", "{\"start\":14,\"end\":19}", "{\"start\":21,\"end\":24}");
  }

  private void index() {
    while (rest.indexing.run().more()) {
      // Until nothing is behind.
    }
  }

  private JsonNode find(User user, String query) {
    return find(user, query, "");
  }

  private JsonNode find(User user, String query, String more) {
    return user.get(path(query) + more);
  }

  private String path(String query) {
    return "/api/v1/orgs/" + org + "/search?q=" + URLEncoder.encode(query, StandardCharsets.UTF_8);
  }

  private String rows(String condition) {
    return TestDatabase.ask(
        database.superuser(), "select count(*) from parley.search_entry where " + condition);
  }

  private static List<Long> ids(JsonNode page) {
    return StreamSupport.stream(page.get("findings").spliterator(), false)
        .map(finding -> finding.get("message").get("message_id").asLong())
        .toList();
  }
}
