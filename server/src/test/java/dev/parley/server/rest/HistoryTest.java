package dev.parley.server.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.server.adapter.postgres.Database;
import dev.parley.server.testing.PostgresExtension;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/// What can be read of the past: pages both ways, threads, earlier contents, who has read how far.
@ExtendWith(PostgresExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class HistoryTest {
  private RestFixture rest;
  private User ann;
  private User bob;
  private String org;

  @BeforeAll
  void start(Database database) {
    rest = new RestFixture(database);
    ann = rest.user();
    bob = rest.user();
    org = ann.createOrg("Acme");
    ann.addToOrg(org, bob, "member");
  }

  @AfterAll
  void stop() throws InterruptedException {
    rest.close();
  }

  @Test
  void moreIsToldExactlyAtTheLargestPage() {
    var room = ann.createRoom(org, "large", "public");
    IntStream.range(0, 500).forEach(i -> ann.say(room, "m" + i));
    var messages = "/api/v1/rooms/" + room + "/messages";
    for (var query : List.of("?limit=500", "?limit=500&after=0", "?limit=9999&after_seq=0")) {
      assertThat(ann.get(messages + query).get("messages")).hasSize(500);
      assertThat(ann.get(messages + query).get("more").asBoolean()).as(query).isFalse();
    }
    ann.say(room, "one more");
    for (var query : List.of("?limit=500", "?limit=500&after=0", "?limit=9999&after_seq=0")) {
      assertThat(ann.get(messages + query).get("messages")).hasSize(500);
      assertThat(ann.get(messages + query).get("more").asBoolean()).as(query).isTrue();
    }
  }

  @Test
  void aPageOfMembersThatIsJustFullSaysThatThereIsNoMore() {
    var room = ann.createRoom(org, "pair", "private");
    ann.addToRoom(room, bob);
    var two = ann.get("/api/v1/rooms/" + room + "/members?limit=2");
    assertThat(two.get("members")).hasSize(2);
    assertThat(two.get("more").asBoolean()).isFalse();
    assertThat(ann.get("/api/v1/rooms/" + room + "/members?limit=1").get("more").asBoolean())
        .isTrue();
    assertThat(ann.get("/api/v1/orgs/" + org + "/members?limit=2").get("more").asBoolean())
        .isFalse();
  }

  @Test
  void theHistoryIsPagedBySeqAlsoBetweenEventsThatAreNoMessages() {
    var room = ann.createRoom(org, "mixed", "public");
    var messages = "/api/v1/rooms/" + room + "/messages";
    for (int i = 0; i < 6; i++) {
      var id = ann.say(room, "m" + i);
      for (var emoji : List.of("a", "b", "c").subList(0, i % 4 % 3)) {
        ann.expect(204, ann.send("PUT", messages + "/" + id + "/reactions/" + emoji));
      }
    }
    for (int seq = 0; seq <= 8; seq++) {
      int border = seq;
      assertThat(seqs(ann.get(messages + "?before_seq=" + seq)))
          .isEqualTo(descending(6).stream().filter(n -> n < border).toList());
      assertThat(seqs(ann.get(messages + "?after_seq=" + seq)))
          .isEqualTo(descending(6).reversed().stream().filter(n -> n > border).toList());
    }
    var page = ann.get(messages + "?after_seq=2&limit=2");
    assertThat(seqs(page)).containsExactly(3L, 4L);
    assertThat(page.get("more").asBoolean()).isTrue();
    ann.expect(400, ann.send("GET", messages + "?after_seq=1&before=2"));
    ann.get(messages + "?after_seq=9007199254740991");
  }

  @Test
  void repliesStandUnderTheirMessage() {
    var room = ann.createRoom(org, "threads", "public");
    var messages = "/api/v1/rooms/" + room + "/messages";
    var root = ann.say(room, "root");
    var replies = IntStream.range(0, 3).mapToObj(i -> reply(room, root, "r" + i)).toList();
    ann.say(room, "beside");
    var all = ann.get(messages + "/" + root + "/replies");
    assertThat(ids(all)).isEqualTo(replies);
    assertThat(all.get("messages").get(0).get("thread_id").asLong()).isEqualTo(root);
    var second = ann.get(messages + "/" + root + "/replies?limit=1&after=" + replies.getFirst());
    assertThat(ids(second)).containsExactly(replies.get(1));
    assertThat(second.get("more").asBoolean()).isTrue();
    ann.expect(204, ann.send("DELETE", messages + "/" + replies.get(1)));
    assertThat(ids(ann.get(messages + "/" + root + "/replies"))).isEqualTo(replies);
  }

  @Test
  void aReplyNeedsAMessageOfItsRoom() {
    var room = ann.createRoom(org, "here", "public");
    var elsewhere = ann.say(ann.createRoom(org, "there", "public"), "elsewhere");
    for (long thread : List.of(elsewhere, 9007199254740000L, 0L)) {
      ann.post(
          404, "/api/v1/rooms/" + room + "/messages", Map.of("content", "x", "thread_id", thread));
    }
    assertThat(ann.get("/api/v1/rooms/" + room + "/messages").get("messages")).isEmpty();
  }

  @Test
  void earlierContentsAreKeptUntilTheMessageIsDeleted() {
    var room = ann.createRoom(org, "edits", "public");
    var path = "/api/v1/rooms/" + room + "/messages/" + ann.say(room, "one");
    ann.expect(200, ann.send("PATCH", path, Map.of("content", "two")));
    ann.expect(200, ann.send("PATCH", path, Map.of("content", "three")));
    var versions = bob.get(path + "/history").get("versions");
    assertThat(texts(versions, "content")).containsExactly("one", "two", "three");
    assertThat(texts(versions, "timestamp")).isSorted();
    rest.user().expect(404, rest.user().send("GET", path + "/history"));
    ann.expect(204, ann.send("DELETE", path));
    assertThat(ann.get(path + "/history").get("versions")).isEmpty();
    ann.expect(
        404, ann.send("GET", "/api/v1/rooms/" + room + "/messages/9007199254740000/history"));
  }

  @Test
  void everybodySeesWhoHasReadHowFar() {
    var room = ann.createRoom(org, "receipts", "private");
    ann.addToRoom(room, bob);
    var first = ann.say(room, "one");
    ann.say(room, "two");
    bob.post(204, "/api/v1/rooms/" + room + "/read", Map.of("message_id", first));
    var members = ann.get("/api/v1/rooms/" + room + "/members").get("members");
    var bobs =
        StreamSupport.stream(members.spliterator(), false)
            .filter(member -> member.get("user_id").asString().equals(bob.id()))
            .findFirst()
            .orElseThrow();
    assertThat(bobs.get("read_seq").asLong()).isEqualTo(1);
  }

  private long reply(String room, long thread, String content) {
    return ann.post(
            201,
            "/api/v1/rooms/" + room + "/messages",
            Map.of("content", content, "thread_id", thread))
        .get("message_id")
        .asLong();
  }

  private static List<Long> descending(int from) {
    return IntStream.range(0, from).mapToObj(i -> (long) (from - i)).toList();
  }

  private static List<Long> seqs(JsonNode page) {
    return numbers(page, "seq");
  }

  private static List<Long> ids(JsonNode page) {
    return numbers(page, "message_id");
  }

  private static List<Long> numbers(JsonNode page, String field) {
    return StreamSupport.stream(page.get("messages").spliterator(), false)
        .map(message -> message.get(field).asLong())
        .toList();
  }

  private static List<String> texts(JsonNode list, String field) {
    return StreamSupport.stream(list.spliterator(), false)
        .map(entry -> entry.get(field).asString())
        .toList();
  }
}
