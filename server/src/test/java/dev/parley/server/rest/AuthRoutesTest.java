package dev.parley.server.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.server.adapter.postgres.Database;
import dev.parley.server.base.RefusedException;
import dev.parley.server.testing.PostgresExtension;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

@ExtendWith(PostgresExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class AuthRoutesTest {
  private RestFixture rest;

  @BeforeAll
  void start(Database database) {
    rest = new RestFixture(database);
  }

  @AfterAll
  void stop() throws InterruptedException {
    rest.close();
  }

  @Test
  void anAccountIsMadeAndShown() {
    var wish = new HashMap<String, Object>();
    wish.put("username", "Ann.Lee");
    wish.put("password", User.PASSWORD);
    wish.put("email", "ann@example.org");
    wish.put("display_name", "Ann Lee");
    wish.put("device_name", "my laptop");
    var stranger = new User(rest, "", "", "", "");
    var session = stranger.post(201, "/api/v1/auth/signup", wish);
    assertThat(session.get("token_type").asString()).isEqualTo("Bearer");
    var ann = stranger.with(session);
    var me = ann.get("/api/v1/me");
    assertThat(me.get("user_id").asString()).isEqualTo(ann.id());
    assertThat(me.get("username").asString()).isEqualTo("Ann.Lee");
    assertThat(me.get("display_name").asString()).isEqualTo("Ann Lee");
    assertThat(me.get("email").asString()).isEqualTo("ann@example.org");
    var device = ann.get("/api/v1/devices").get("devices").get(0);
    assertThat(device.get("name").asString()).isEqualTo("my laptop");
    assertThat(device.get("current").asBoolean()).isTrue();
    wish.put("username", "ann.lee");
    stranger.post(409, "/api/v1/auth/signup", wish);
  }

  @Test
  void anUnknownNameAndAWrongPasswordLookAlike() {
    var ann = rest.user();
    var wrong = signIn(ann.name(), "something else entirely", 401);
    var unknown = signIn("nobody-" + ann.name(), "something else entirely", 401);
    assertThat(wrong.get("detail")).isEqualTo(unknown.get("detail"));
    assertThat(wrong.get("code")).isEqualTo(unknown.get("code"));
  }

  @Test
  void aSecondDeviceSignsInAndIsSignedOut() {
    var ann = rest.user();
    var phone = ann.with(signIn(ann.name(), User.PASSWORD, 200));
    var devices = ann.get("/api/v1/devices").get("devices");
    assertThat(devices).hasSize(2);
    var other =
        devices.valueStream().filter(device -> !device.get("current").asBoolean()).findFirst();
    var id = other.orElseThrow().get("device_id").asString();
    ann.expect(204, ann.send("DELETE", "/api/v1/devices/" + id));
    phone.expect(401, phone.send("GET", "/api/v1/me"));
    ann.expect(404, ann.send("DELETE", "/api/v1/devices/" + id));
    ann.expect(204, ann.send("POST", "/api/v1/auth/logout"));
    ann.expect(401, ann.send("GET", "/api/v1/me"));
    renew(ann.refreshToken(), 401);
  }

  @Test
  void tokensAreRenewed() {
    var ann = rest.user();
    var renewed = ann.with(renew(ann.refreshToken(), 200));
    assertThat(renewed.id()).isEqualTo(ann.id());
    assertThat(renewed.refreshToken()).isNotEqualTo(ann.refreshToken());
    renewed.get("/api/v1/me");
    renew("nonsense", 401);
  }

  @Test
  void anotherPasswordSignsTheOthersOut() {
    var ann = rest.user();
    var phone = ann.with(signIn(ann.name(), User.PASSWORD, 200));
    change(ann, "not it", "another horse battery", 403);
    change(ann, User.PASSWORD, "short", 400);
    change(ann, User.PASSWORD, "another horse battery", 204);
    phone.expect(401, phone.send("GET", "/api/v1/me"));
    ann.get("/api/v1/me");
    signIn(ann.name(), User.PASSWORD, 401);
    signIn(ann.name(), "another horse battery", 200);
  }

  @Test
  void aTicketIsGoodOnce() {
    var ann = rest.user();
    var ticket = ann.expect(201, ann.send("POST", "/api/v1/tickets")).get("ticket").asString();
    assertThat(rest.tickets.redeem(ticket).userId().value()).isEqualTo(ann.id());
    assertThatThrownBy(() -> rest.tickets.redeem(ticket)).isInstanceOf(RefusedException.class);
    var late = ann.expect(201, ann.send("POST", "/api/v1/tickets")).get("ticket").asString();
    ann.expect(204, ann.send("POST", "/api/v1/auth/logout"));
    assertThatThrownBy(() -> rest.tickets.redeem(late)).isInstanceOf(RefusedException.class);
  }

  @Test
  void aMemberIsAddedByName() {
    var ann = rest.user();
    var bob = rest.user();
    var org = ann.createOrg("Acme");
    ann.post(201, "/api/v1/orgs/" + org + "/members", Map.of("username", bob.name()));
    bob.get("/api/v1/orgs/" + org);
    ann.post(404, "/api/v1/orgs/" + org + "/members", Map.of("username", "nobody-at-all"));
    ann.post(400, "/api/v1/orgs/" + org + "/members", Map.of("role", "member"));
  }

  private JsonNode signIn(String name, String password, int status) {
    var stranger = new User(rest, "", "", "", "");
    return stranger.post(
        status, "/api/v1/auth/login", Map.of("username", name, "password", password));
  }

  private JsonNode renew(String token, int status) {
    var stranger = new User(rest, "", "", "", "");
    return stranger.post(status, "/api/v1/auth/refresh", Map.of("refresh_token", token));
  }

  private static void change(User user, String before, String after, int status) {
    user.post(
        status, "/api/v1/auth/password", Map.of("current_password", before, "new_password", after));
  }
}
