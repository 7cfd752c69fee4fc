package dev.parley.server.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.server.adapter.postgres.Database;
import dev.parley.server.testing.PostgresExtension;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// What the routes do, as somebody sees it who has nothing but HTTP.
@ExtendWith(PostgresExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class RoutesTest {
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
  void membersWhoseIdIsNoUuidAreGovernedLikeAll() {
    var subject = "auth0|" + ann.id();
    var foreigner = rest.foreigner(subject);
    foreigner.get("/api/v1/me");
    var org = ann.createOrg("Acme");
    ann.post(201, "/api/v1/orgs/" + org + "/members", Map.of("user_id", subject));
    var room = ann.createRoom(org, "room", "private");
    ann.post(204, "/api/v1/rooms/" + room + "/members", Map.of("user_id", subject));
    var path = URLEncoder.encode(subject, StandardCharsets.UTF_8);
    var member = "/api/v1/rooms/" + room + "/members/" + path;
    ann.expect(204, ann.send("PATCH", member, Map.of("role", "guest")));
    ann.expect(204, ann.send("DELETE", member));
    ann.expect(204, ann.send("POST", "/api/v1/rooms/" + room + "/bans/" + path));
    ann.expect(204, ann.send("DELETE", "/api/v1/orgs/" + org + "/members/" + path));
    foreigner.expect(404, foreigner.send("GET", "/api/v1/orgs/" + org));
    var open = "/api/v1/rooms/" + room + "/members/open:workspace:bob";
    ann.expect(400, ann.send("DELETE", open));
  }

  @Test
  void onlyAccountsBecomeMembers() {
    var path = "/api/v1/orgs/" + org + "/members";
    for (var nobody : List.of(UUID.randomUUID().toString(), "auth0|nobody")) {
      ann.expect(404, ann.send("POST", path, Map.of("user_id", nobody)));
    }
    ann.expect(409, ann.send("POST", path, Map.of("user_id", bob.id())));
  }

  @Test
  void aUserIsInAHundredOrganizationsAtMost() {
    var carl = rest.user();
    for (int i = 0; i < 99; i++) {
      carl.createOrg("org " + i);
    }
    ann.addToOrg(org, carl, "member");
    var one = carl.send("POST", "/api/v1/orgs", Map.of("name", "one too many"));
    assertThat(carl.expect(403, one).get("code").asString()).isEqualTo("quota");
    var dan = rest.user();
    var other = dan.createOrg("other");
    dan.expect(
        403, dan.send("POST", "/api/v1/orgs/" + other + "/members", Map.of("user_id", carl.id())));
    assertThat(carl.get("/api/v1/orgs").get("orgs")).hasSize(100);
  }

  @Test
  void anOrganizationIsFoundedAndListed() {
    var created = ann.send("POST", "/api/v1/orgs", Map.of("name", "  Beta  "));
    var id = ann.expect(201, created).get("org_id").asString();
    assertThat(created.headers().firstValue("Location")).contains("/api/v1/orgs/" + id);
    assertThat(ann.get("/api/v1/orgs/" + id).get("name").asString()).isEqualTo("Beta");
    assertThat(texts(ann.get("/api/v1/orgs").get("orgs"), "org_id")).contains(org, id);
    assertThat(texts(bob.get("/api/v1/orgs").get("orgs"), "org_id")).containsExactly(org);
  }

  @Test
  void membersOfAnOrganizationComeAndGo() {
    var carl = rest.user();
    ann.addToOrg(org, carl, "guest");
    carl.expect(403, carl.send("GET", "/api/v1/orgs/" + org + "/members"));
    ann.expect(
        204,
        ann.send(
            "PATCH", "/api/v1/orgs/" + org + "/members/" + carl.id(), Map.of("role", "member")));
    var members = carl.get("/api/v1/orgs/" + org + "/members").get("members");
    assertThat(texts(members, "user_id")).contains(ann.id(), bob.id(), carl.id()).isSorted();
    bob.expect(403, bob.send("DELETE", "/api/v1/orgs/" + org + "/members/" + carl.id()));
    carl.expect(204, carl.send("DELETE", "/api/v1/orgs/" + org + "/members/" + carl.id()));
    carl.expect(404, carl.send("GET", "/api/v1/orgs/" + org));
  }

  @Test
  void membersComeInPages() {
    var first = ann.get("/api/v1/orgs/" + org + "/members?limit=1");
    assertThat(first.get("more").asBoolean()).isTrue();
    var last = texts(first.get("members"), "user_id").getFirst();
    var second = ann.get("/api/v1/orgs/" + org + "/members?limit=500&after=" + last);
    assertThat(texts(second.get("members"), "user_id")).doesNotContain(last).isNotEmpty();
  }

  @Test
  void aRoomIsOpenedChangedAndFound() {
    var room = ann.createRoom(org, "general", "public");
    var changed =
        ann.expect(200, ann.send("PATCH", "/api/v1/rooms/" + room, Map.of("topic", "everything")));
    assertThat(changed.get("topic").asString()).isEqualTo("everything");
    assertThat(changed.get("name").asString()).isEqualTo("general");
    assertThat(texts(bob.get("/api/v1/orgs/" + org + "/rooms").get("rooms"), "room_id"))
        .contains(room);
    bob.expect(403, bob.send("PATCH", "/api/v1/rooms/" + room, Map.of("topic", "mine")));
  }

  @Test
  void aPrivateRoomIsHiddenUntilOneIsInIt() {
    var room = ann.createRoom(org, "secret", "private");
    bob.expect(404, bob.send("GET", "/api/v1/rooms/" + room));
    ann.addToRoom(room, bob);
    bob.get("/api/v1/rooms/" + room);
    assertThat(texts(bob.get("/api/v1/rooms/" + room + "/members").get("members"), "role"))
        .containsExactlyInAnyOrder("owner", "member");
    ann.expect(204, ann.send("DELETE", "/api/v1/rooms/" + room + "/members/" + bob.id()));
    bob.expect(404, bob.send("GET", "/api/v1/rooms/" + room + "/messages"));
  }

  @Test
  void aPublicRoomIsJoinedAndLeft() {
    var room = ann.createRoom(org, "lobby", "public");
    var message = Map.of("content", "hi");
    bob.expect(403, bob.send("POST", "/api/v1/rooms/" + room + "/messages", message));
    bob.expect(204, bob.send("POST", "/api/v1/rooms/" + room + "/join"));
    bob.say(room, "hi");
    bob.expect(204, bob.send("POST", "/api/v1/rooms/" + room + "/leave"));
    bob.expect(403, bob.send("POST", "/api/v1/rooms/" + room + "/messages", message));
  }

  @Test
  void aBanHoldsUntilItIsLifted() {
    var room = ann.createRoom(org, "calm", "public");
    ann.expect(204, ann.send("POST", "/api/v1/rooms/" + room + "/bans/" + bob.id()));
    bob.expect(404, bob.send("POST", "/api/v1/rooms/" + room + "/join"));
    ann.expect(204, ann.send("DELETE", "/api/v1/rooms/" + room + "/bans/" + bob.id()));
    bob.expect(204, bob.send("POST", "/api/v1/rooms/" + room + "/join"));
  }

  @Test
  void anInvitationLeadsIntoItsRoomOnce() {
    var room = ann.createRoom(org, "club", "private");
    var code =
        ann.post(201, "/api/v1/rooms/" + room + "/invites", Map.of("uses", 1))
            .get("code")
            .asString();
    var joined = bob.expect(200, bob.send("POST", "/api/v1/invites/" + code + "/accept"));
    assertThat(joined.get("room_id").asString()).isEqualTo(room);
    var carl = rest.user();
    carl.expect(404, carl.send("POST", "/api/v1/invites/" + code + "/accept"));
    ann.addToOrg(org, carl, "member");
    carl.expect(404, carl.send("POST", "/api/v1/invites/" + code + "/accept"));
    carl.expect(404, carl.send("POST", "/api/v1/invites/nonsense/accept"));
  }

  @Test
  void theDirectRoomOfTwoIsOne() {
    var hers = ann.post(200, "/api/v1/orgs/" + org + "/direct", Map.of("user_id", bob.id()));
    var his = bob.post(200, "/api/v1/orgs/" + org + "/direct", Map.of("user_id", ann.id()));
    assertThat(hers.get("room_id")).isEqualTo(his.get("room_id"));
    assertThat(hers.get("kind").asString()).isEqualTo("direct");
    ann.post(404, "/api/v1/orgs/" + org + "/direct", Map.of("user_id", rest.user().id()));
  }

  @Test
  void aMessageIsPostedOnceHoweverOftenItIsSent() {
    var room = ann.createRoom(org, "once", "public");
    var key = UUID.randomUUID().toString();
    var first = ann.expect(201, post(room, key, "hello"));
    var again = ann.expect(200, post(room, key, "hello"));
    assertThat(again.get("duplicate").asBoolean()).isTrue();
    assertThat(again.get("message_id")).isEqualTo(first.get("message_id"));
    assertThat(again.get("seq").asLong()).isEqualTo(1);
    var other = ann.expect(409, post(room, key, "something else"));
    assertThat(other.get("code").asString()).isEqualTo("idempotency_mismatch");
    ann.expect(400, post(room, "no-uuid", "hello"));
    assertThat(ann.get("/api/v1/rooms/" + room + "/messages").get("messages")).hasSize(1);
  }

  @Test
  void theHistoryIsPagedBothWays() {
    var room = ann.createRoom(org, "long", "public");
    var sent =
        java.util.stream.IntStream.range(0, 7).mapToObj(i -> ann.say(room, "m" + i)).toList();
    var path = "/api/v1/rooms/" + room + "/messages";
    var newest = ann.get(path + "?limit=3");
    assertThat(numbers(newest)).containsExactly(sent.get(6), sent.get(5), sent.get(4));
    assertThat(newest.get("more").asBoolean()).isTrue();
    var before = ann.get(path + "?limit=4&before=" + sent.get(4));
    assertThat(numbers(before)).containsExactly(sent.get(3), sent.get(2), sent.get(1), sent.get(0));
    assertThat(before.get("more").asBoolean()).isFalse();
    var after = ann.get(path + "?limit=2&after=" + sent.get(4));
    assertThat(numbers(after)).containsExactly(sent.get(5), sent.get(6));
    ann.expect(400, ann.send("GET", path + "?after=1&before=2"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "0", "abc", "1.5", "9223372036854775808", "%2B5", "٣"})
  void aBadLimitIsRefused(String limit) {
    var room = ann.createRoom(org, "limits", "public");
    ann.expect(400, ann.send("GET", "/api/v1/rooms/" + room + "/messages?limit=" + limit));
  }

  @ParameterizedTest
  @ValueSource(strings = {"501", "2147483648", "1000000000"})
  void aLargeLimitIsCut(String limit) {
    var room = ann.createRoom(org, "limits", "public");
    ann.get("/api/v1/rooms/" + room + "/messages?limit=" + limit);
    ann.get("/api/v1/rooms/" + room + "/events?limit=" + limit + "&after=9007199254740991");
    ann.get("/api/v1/rooms/" + room + "/messages?before=0");
  }

  @Test
  void aMessageIsEditedMarkedAndDeleted() {
    var room = ann.createRoom(org, "life", "public");
    bob.expect(204, bob.send("POST", "/api/v1/rooms/" + room + "/join"));
    var path = "/api/v1/rooms/" + room + "/messages/" + ann.say(room, "helo");
    var edited = ann.expect(200, ann.send("PATCH", path, Map.of("content", "hello")));
    assertThat(edited.get("content").asString()).isEqualTo("hello");
    assertThat(edited.has("edited_at")).isTrue();
    bob.expect(403, bob.send("PATCH", path, Map.of("content", "mine")));
    bob.expect(204, bob.send("PUT", path + "/reactions/%F0%9F%91%8D"));
    bob.expect(204, bob.send("PUT", path + "/reactions/%F0%9F%91%8D"));
    ann.expect(204, ann.send("PUT", path + "/pin"));
    var marked = bob.get(path);
    assertThat(marked.get("reactions").get(0).get("emoji").asString()).isEqualTo("👍");
    assertThat(marked.get("reactions").get(0).get("users")).hasSize(1);
    assertThat(bob.get("/api/v1/rooms/" + room + "/pins").get("messages")).hasSize(1);
    bob.expect(204, bob.send("DELETE", path + "/reactions/%F0%9F%91%8D"));
    ann.expect(204, ann.send("DELETE", path + "/pin"));
    ann.expect(204, ann.send("DELETE", path));
    var deleted = ann.get(path);
    assertThat(deleted.get("deleted").asBoolean()).isTrue();
    assertThat(deleted.has("content")).isFalse();
  }

  @Test
  void theInboxCountsWhatIsUnread() {
    var room = ann.createRoom(org, "unread", "public");
    bob.expect(204, bob.send("POST", "/api/v1/rooms/" + room + "/join"));
    ann.say(room, "one");
    var second = ann.say(room, "two");
    ann.say(room, "three");
    assertThat(unread(bob, room)).isEqualTo(3);
    bob.post(204, "/api/v1/rooms/" + room + "/read", Map.of("message_id", second));
    assertThat(unread(bob, room)).isEqualTo(1);
  }

  @Test
  void theInboxTellsWhatChangedSinceAMark() {
    var quiet = ann.createRoom(org, "quiet", "private");
    var room = ann.createRoom(org, "busy", "private");
    var mark = ann.get("/api/v1/rooms").get("mark").asString();
    ann.say(room, "one");
    var changed = texts(ann.get("/api/v1/rooms?mark=" + mark).get("rooms"), "room_id");
    assertThat(changed).contains(room);
    assertThat(texts(ann.get("/api/v1/rooms").get("rooms"), "room_id")).contains(quiet, room);
  }

  @Test
  void theLogIsReadWithoutAHole() {
    var room = ann.createRoom(org, "log", "public");
    ann.say(room, "one");
    ann.say(room, "two");
    var all = ann.get("/api/v1/rooms/" + room + "/events");
    var events = stream(all.get("events")).map(event -> event.get("pos").asLong()).toList();
    assertThat(events).containsExactly(1L, 2L, 3L, 4L);
    assertThat(all.get("pos").asLong()).isEqualTo(4);
    assertThat(ann.get("/api/v1/rooms/" + room + "/events?after=2&limit=1").get("events"))
        .hasSize(1);
  }

  @Test
  void anAnnouncementReachesEveryPublicRoomOnce() {
    var owner = rest.user();
    var admin = rest.user();
    var own = owner.createOrg("Loud");
    owner.addToOrg(own, admin, "admin");
    var first = owner.createRoom(own, "first", "public");
    var second = owner.createRoom(own, "second", "public");
    var hidden = owner.createRoom(own, "hidden", "private");
    var key = UUID.randomUUID().toString();
    for (int i = 0; i < 2; i++) {
      var answer =
          rest.send(
              admin
                  .request("/api/v1/orgs/" + own + "/broadcast")
                  .header("Idempotency-Key", key)
                  .POST(HttpRequest.BodyPublishers.ofString("{\"content\":\"hear\"}")));
      assertThat(texts(admin.expect(200, answer).get("rooms"), "room_id"))
          .containsExactlyInAnyOrder(first, second);
    }
    for (var room : List.of(first, second)) {
      assertThat(owner.get("/api/v1/rooms/" + room + "/messages").get("messages")).hasSize(1);
    }
    assertThat(owner.get("/api/v1/rooms/" + hidden + "/messages").get("messages")).isEmpty();
    ann.post(404, "/api/v1/orgs/" + own + "/broadcast", Map.of("content", "x"));
  }

  @Test
  void nobodyWritesWhatIsTheServers() {
    for (var field : List.of("role", "org_id", "id", "seq", "created_at", "is_admin", "owner_id")) {
      ann.post(400, "/api/v1/orgs", Map.of("name", "x", field, "y"));
    }
  }

  private java.net.http.HttpResponse<String> post(String room, String key, String content) {
    return rest.send(
        ann.request("/api/v1/rooms/" + room + "/messages")
            .header("Idempotency-Key", key)
            .POST(HttpRequest.BodyPublishers.ofString("{\"content\":\"" + content + "\"}")));
  }

  private static long unread(User user, String room) {
    return stream(user.get("/api/v1/rooms").get("rooms"))
        .filter(entry -> entry.get("room_id").asString().equals(room))
        .findFirst()
        .orElseThrow()
        .get("unread")
        .asLong();
  }

  private static List<Long> numbers(JsonNode page) {
    return stream(page.get("messages")).map(message -> message.get("message_id").asLong()).toList();
  }

  private static List<String> texts(JsonNode list, String field) {
    return stream(list).map(entry -> entry.get(field).asString()).toList();
  }

  private static java.util.stream.Stream<JsonNode> stream(JsonNode list) {
    return StreamSupport.stream(list.spliterator(), false);
  }
}
