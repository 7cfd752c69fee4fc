package dev.parley.server.compat.gochat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.server.base.Limits;
import dev.parley.server.compat.SeedHttp;
import dev.parley.server.compat.SeedHttp.Reply;
import dev.parley.server.testing.Person;
import dev.parley.server.testing.PostgresExtension;
import dev.parley.server.testing.TestDatabase;
import dev.parley.server.testing.TestServer;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.json.JsonMapper;

/// The third seed's accounts, rooms, members and messages over HTTP.
@ExtendWith(PostgresExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
final class GoChatRoutesTest {
  private static final String NOBODY = "00000000-0000-7000-8000-000000000000";
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final TestDatabase database;
  private final TestServer server;
  private final SeedHttp http;
  private final Chatter alice;
  private final Chatter bob;

  GoChatRoutesTest(TestDatabase database) {
    this.database = database;
    this.server = TestServer.start(database, Map.of());
    this.http = new SeedHttp(server.http());
    this.alice = Chatter.signUp(server, "alice");
    this.bob = Chatter.signUp(server, "bob");
  }

  @AfterAll
  void stop() {
    server.close();
  }

  @Test
  void signUpGivesATokenForADayInTheNameOfGoChat() {
    assertThat(alice.session().get("message").asString()).isEqualTo("User created successfully");
    var claims = JSON.readTree(Base64.getUrlDecoder().decode(alice.token().split("\\.")[1]));
    assertThat(claims.get("iss").asString()).isEqualTo("gochat");
    assertThat(claims.get("user_id").asString()).isEqualTo(alice.id());
    assertThat(claims.get("username").asString()).isEqualTo("alice");
    assertThat(claims.get("exp").asLong() - claims.get("iat").asLong()).isEqualTo(86_400);
  }

  @Test
  void signUpWantsThreeThingsThatNobodyElseHas() {
    assertError(
        http.post("/auth/signup", "{\"username\":\"x\",\"password\":\"y\"}"),
        400,
        "Username, email, and password are required");
    assertError(http.post("/auth/signup", "nonsense"), 400, "Invalid request body");
    var taken = "{\"username\":\"Alice\",\"email\":\"a2@example.org\",\"password\":\"p\"}";
    assertThat(http.post("/auth/signup", taken).status()).isEqualTo(409);
    assertThat(http.get("/auth/signup").status()).isEqualTo(405);
  }

  @Test
  void loginTakesTheNameOrTheAddress() {
    var byName = login("{\"username\":\"alice\",\"password\":\"password123\"}").require(200);
    assertThat(byName.get("message").asString()).isEqualTo("Logged in successfully");
    assertThat(http.with(byName.get("token").asString()).get("/rooms").status()).isEqualTo(200);
    login("{\"email\":\"alice@example.org\",\"password\":\"password123\"}").require(200);
    assertError(login("{\"username\":\"alice\",\"password\":\"no\"}"), 401, "Invalid credentials");
    assertError(login("{\"username\":\"none\",\"password\":\"no\"}"), 401, "Invalid credentials");
  }

  private Reply login(String body) {
    return http.post("/auth/login", body);
  }

  @Test
  void tokensAreRenewedAndEnd() {
    var carol = Chatter.signUp(server, "carol");
    var refresh = carol.session().get("refresh_token").asString();
    var renewed =
        http.post("/auth/refresh", "{\"refresh_token\":\"" + refresh + "\"}").require(200);
    var fresh = http.with(renewed.get("token").asString());
    var me = fresh.get("/auth/me").require(200);
    assertThat(me.get("email").asString()).isEqualTo("carol@example.org");
    assertThat(me.get("status").asString()).isEqualTo("offline");
    fresh.post("/auth/logout", "").require(200);
    assertThat(fresh.get("/rooms").error()).startsWith("Invalid token: ");
  }

  @Test
  void anotherPasswordEndsTheTokensOfThisSideToo() {
    var greta = Chatter.signUp(server, "greta");
    var login = "{\"username\":\"greta\",\"password\":\"password123\"}";
    var elsewhere = http.post("/api/v1/auth/login", login).require(200);
    var change =
        "{\"current_password\":\"password123\",\"new_password\":\"correct horse battery\"}";
    var changed =
        http.with(elsewhere.get("access_token").asString()).post("/api/v1/auth/password", change);
    assertThat(changed.status()).isEqualTo(204);
    assertThat(greta.http().get("/rooms").status()).isEqualTo(401);
  }

  @Test
  void withoutATokenThereIsNothing() {
    assertError(http.get("/rooms"), 401, "Authorization token required");
    assertThat(http.with("nonsense").get("/rooms").error()).startsWith("Invalid token: ");
  }

  @Test
  void anAccountIsTheSameOnEverySide() {
    var nadia = Person.signUp(server, "nadia");
    var hers = http.with(nadia.token());
    var room = hers.post("/rooms", "{\"name\":\"n\",\"type\":\"public\"}").require(201);
    assertThat(room.get("creator_id").asString()).isEqualTo(nadia.id());
    var id = room.get("id").asString();
    alice.post(id, "seen from both sides");
    var seen = nadia.get("/api/v1/rooms/" + id + "/messages").require(200).get("messages");
    assertThat(seen.get(0).get("content").asString()).isEqualTo("seen from both sides");
  }

  @Test
  void roomsAreMadeAndListed() {
    var dora = Chatter.signUp(server, "dora");
    var body = "{\"name\":\"Lobby\",\"type\":\"group\",\"topic\":\"all\"}";
    var room = dora.http().post("/rooms", body).require(201);
    assertThat(room.get("type").asString()).isEqualTo("group");
    assertThat(room.get("topic").asString()).isEqualTo("all");
    assertThat(room.get("is_archived").asBoolean()).isFalse();
    assertThat(room.get("creator_id").asString()).isEqualTo(dora.id());
    var second = dora.room("private");
    var names =
        dora.http()
            .get("/rooms")
            .require(200)
            .valueStream()
            .map(one -> one.get("id").asString())
            .toList();
    assertThat(names).containsExactly(second, room.get("id").asString());
    dora.http().call("DELETE", "/rooms/" + second, "").require(200);
    assertThat(dora.http().get("/rooms").json()).hasSize(1);
    assertError(dora.http().post("/rooms", "{\"name\":\"x\"}"), 400, "Invalid room type");
    assertError(dora.http().get("/rooms/7"), 400, "Invalid room ID");
    assertError(dora.http().get("/rooms/" + NOBODY), 404, "Room not found");
    assertThat(Chatter.signUp(server, "empty").http().get("/rooms").body()).isEqualTo("[]");
  }

  @Test
  void publicRoomsAreOpenAndTheOthersNot() {
    var open = alice.room("public");
    bob.http().get("/rooms/" + open).require(200);
    assertThat(bob.http().get("/rooms/" + open + "/members").json()).hasSize(2);
    for (var type : new String[] {"private", "group"}) {
      var closed = alice.room(type);
      assertError(bob.http().get("/rooms/" + closed), 403, "Not a member of this room");
      assertError(
          bob.http().get("/rooms/" + closed + "/messages"), 403, "Not a member of this room");
      assertThat(alice.add(closed, bob, "member").require(201).get("status").asString())
          .isEqualTo("success");
      bob.http().get("/rooms/" + closed).require(200);
      alice.http().call("DELETE", "/rooms/" + closed + "/members/" + bob.id(), "").require(200);
      assertThat(bob.http().get("/rooms/" + closed).status()).isEqualTo(403);
    }
    assertThat(alice.add(alice.room("group"), new Chatter(server, "", NOBODY, http, null), ""))
        .extracting(Reply::error)
        .isEqualTo("User not found");
  }

  @Test
  void roomsOfOtherOrganizationsAreNotThere() {
    var elsewhere = Person.signUp(server, "elsa");
    var room = elsewhere.room(elsewhere.organization("Elsewhere"), "hers");
    assertError(http.with(elsewhere.token()).get("/rooms/" + room), 404, "Room not found");
    assertError(alice.http().get("/rooms/" + room), 404, "Room not found");
  }

  @Test
  void anInvitationLeadsIn() {
    var room = alice.room("private");
    var invite = alice.http().post("/rooms/" + room + "/invites", "{}").require(201);
    var body = "{\"code\":\"" + invite.get("code").asString() + "\"}";
    assertThat(bob.http().post("/rooms/join", body).require(200).get("room_id").asString())
        .isEqualTo(room);
    bob.http().get("/rooms/" + room).require(200);
    assertThat(bob.http().post("/rooms/join", body).status()).isEqualTo(404);
  }

  @Test
  void historyComesInPagesNewestFirstWithoutWhatWasDeleted() {
    var room = alice.room("public");
    var ids = new long[7];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = (i % 2 == 0 ? alice : bob).post(room, "m" + i);
    }
    alice.http().call("DELETE", "/rooms/" + room + "/messages/" + ids[4], "").require(200);
    assertThat(bob.contents(room, "?limit=3")).containsExactly("m6", "m5", "m3");
    assertThat(bob.contents(room, "?limit=3&before=" + ids[3])).containsExactly("m2", "m1", "m0");
    assertThat(bob.contents(room, "?limit=0&before=x")).hasSize(6);
    var newest = bob.http().get("/rooms/" + room + "/messages").json().get(0);
    assertThat(newest.get("id").asLong()).isEqualTo(ids[6]);
    assertThat(newest.get("user").get("username").asString()).isEqualTo("alice");
    assertThat(newest.get("user").get("email").asString()).isEmpty();
    assertThat(newest.get("type").asString()).isEqualTo("text");
    assertThat(newest.get("created_at").asString()).endsWith("Z");
  }

  @Test
  void messagesAreEditedDeletedAndReactedToByWhomTheyBelongTo() {
    var room = alice.room("public");
    var message = "/rooms/" + room + "/messages/" + alice.post(room, "first");
    bob.http().get("/rooms/" + room).require(200);
    assertThat(bob.http().call("PUT", message, "{\"content\":\"x\"}").status()).isEqualTo(403);
    assertThat(bob.http().call("DELETE", message, "").status()).isEqualTo(403);
    var edited = alice.http().call("PUT", message, "{\"content\":\"second\"}").require(200);
    assertThat(edited.get("content").asString()).isEqualTo("second");
    assertThat(edited.get("edited_at").asString()).isNotEmpty();
    bob.http().post(message + "/reactions", "{\"emoji\":\"👍\"}").require(201);
    var reactions = alice.http().get(message + "/reactions").require(200);
    assertThat(reactions.get(0).get("users").get(0).asString()).isEqualTo(bob.id());
    bob.http().call("DELETE", message + "/reactions/%F0%9F%91%8D", "").require(200);
    assertThat(alice.http().get(message + "/reactions").json()).isEmpty();
    alice.http().call("DELETE", message, "").require(200);
    assertThat(alice.http().get(message).status()).isEqualTo(404);
  }

  @Test
  void pictures() {
    var room = alice.room("public");
    var body = "{\"content\":\"look\",\"message_type\":\"image\",\"file_url\":\"/files/1\"}";
    var posted = alice.http().post("/rooms/" + room + "/messages", body).require(201);
    assertThat(posted.get("type").asString()).isEqualTo("image");
    assertThat(posted.get("file_url").asString()).isEqualTo("/files/1");
    assertError(
        alice.http().post("/rooms/" + room + "/messages", "{\"message_type\":\"smell\"}"),
        400,
        "Invalid message type");
  }

  @Test
  void roomsOfOtherOrganizationsHideNone() {
    var crowded = Chatter.signUp(server, "crowded");
    var room = crowded.room("private");
    database.execute(
        """
        insert into parley.org (org_id, name, created_by, created_at)
        values ('00000000-0000-4000-8000-000000000001', 'first', 'x', now())
        """,
        """
        insert into parley.room (org_id, room_id, kind, alias, name, epoch, last_at, created_by, created_at)
        select '00000000-0000-4000-8000-000000000001', gen_random_uuid(), 'private', 'first' || n, '', 'e', now(),
               '%s', now()
          from generate_series(1, %d) n
        """
            .formatted(crowded.id(), Limits.ROOMS_PER_USER),
        """
        insert into parley.room_member (org_id, room_id, user_id, role, joined_pos, joined_at, read_seq)
        select org_id, room_id, created_by, 'member', 0, now(), 0
          from parley.room where alias like 'first%'
        """);
    var rooms = crowded.http().get("/rooms").require(200);
    assertThat(rooms).hasSize(1);
    assertThat(rooms.get(0).get("id").asString()).isEqualTo(room);
  }

  @Test
  void aSignUpIsOneActAndNotTwo() {
    try (var strict = TestServer.start(database, Map.of("RATE_LOGINS", "1/m:1"))) {
      Chatter.signUp(strict, "solo");
    }
  }

  @Test
  void theSecondPortSpeaksItToo() {
    new SeedHttp(server.api()).with(alice.token()).get("/rooms").require(200);
  }

  private static void assertError(Reply reply, int status, String error) {
    assertThat(reply.error()).isEqualTo(error);
    assertThat(reply.status()).isEqualTo(status);
  }
}
