package dev.parley.server.compat.dual;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.server.base.Ulid;
import dev.parley.server.compat.SeedHttp;
import dev.parley.server.compat.SeedSocket;
import dev.parley.server.compat.SeedToken;
import dev.parley.server.domain.limit.RateLimit;
import dev.parley.server.testing.PostgresExtension;
import dev.parley.server.testing.TestDatabase;
import dev.parley.server.testing.TestServer;
import java.net.URI;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The fourth seed's clients, over the wire, on one server and on two.
@ExtendWith(PostgresExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class DualTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String SECRET = "a secret that both halves of this server share";
  private static final String USERS = "/api/v1/users/";

  private final TestDatabase database;
  private final TestServer server;
  private final SeedHttp http;

  DualTest(TestDatabase database) {
    this.database = database;
    this.server = TestServer.start(database, Map.of("JWT_SECRET", SECRET, "RATE_LOGINS", "off"));
    this.http = new SeedHttp(server.api());
  }

  @AfterAll
  void stop() {
    server.close();
  }

  /// Somebody who registered and logged in.
  private record Account(String id, String name, String token) {}

  @Test
  void registersOnceAndLogsIn() {
    var registered = http.post(USERS + "register", proof("alice", "pw"));
    assertThat(registered.status()).isEqualTo(201);
    var id = registered.json().get("id").asString();
    assertThat(id).hasSize(26);
    assertThat(registered.json().get("username").asString()).isEqualTo("alice");
    var again = http.post(USERS + "register", proof("alice", "other"));
    assertThat(again.status()).isEqualTo(409);
    assertThat(again.error()).isEqualTo("Username is already taken");

    var login = new SeedHttp(server.http()).post(USERS + "login", proof("alice", "pw"));
    assertThat(login.status()).isEqualTo(200);
    assertThat(login.json().get("user_id").asString()).isEqualTo(id);
    assertThat(login.json().get("user_name").asString()).isEqualTo("alice");
    var claims = JSON.readTree(SeedToken.claims(login.json().get("token").asString()));
    assertThat(claims.get("user_id").asString()).isEqualTo(id);
    assertThat(claims.get("user_name").asString()).isEqualTo("alice");
    assertThat(claims.get("exp").asLong() - claims.get("iat").asLong()).isEqualTo(86_400);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "{", "[]", "{}", "{\"username\":\"x\",\"password\":\"\"}", "{\"username\":1}"})
  void refusesWhatIsNoAccount(String body) {
    for (var path : new String[] {"register", "login"}) {
      var reply = http.post(USERS + path, body);
      assertThat(reply.status()).isEqualTo(400);
      assertThat(reply.error()).isEqualTo("Invalid request body");
    }
  }

  @Test
  void wrongAndUnknownLookAlike() {
    account("careful");
    for (var proof : new String[] {proof("careful", "wrong"), proof("nobody", "pw")}) {
      var reply = http.post(USERS + "login", proof);
      assertThat(reply.status()).isEqualTo(401);
      assertThat(reply.error()).isEqualTo("Invalid username or password");
    }
  }

  @Test
  void theSocketsWantAToken() {
    var main = new SeedHttp(server.http());
    for (var path : new String[] {"/ws/chat", "/ws/group/chat", "/ws/notifications"}) {
      assertThat(main.get(path).error()).isEqualTo("Authentication token required.");
      var reply = main.get(path + "?token=x");
      assertThat(reply.status()).isEqualTo(401);
      assertThat(reply.error()).isEqualTo("Invalid or expired token.");
    }
  }

  @Test
  void everybodyIsWelcomedAndAnnounced() {
    var ann = account("ann1");
    var bob = account("bob1");
    try (var a = open("/ws/chat", ann)) {
      var welcome = a.nextJson();
      assertThat(welcome.get("type").asString()).isEqualTo("welcome");
      assertThat(welcome.get("user_id").asString()).isEqualTo(ann.id());
      assertThat(welcome.get("user_name").asString()).isEqualTo("ann1");
      assertThat(welcome.get("message").asString()).isEqualTo("Welcome!");
      var own = a.nextJson();
      assertThat(own.get("type").asString()).isEqualTo("join");
      assertThat(own.get("sender_id").asString()).isEqualTo(ann.id());
      assertThat(own.get("payload").isNull()).isTrue();
      try (var b = open("/ws/group/chat", bob)) {
        next(a, "join", bob);
        b.close(1000);
      }
      next(a, "leave", bob);
    }
  }

  @Test
  void theOthersHearOfALeaveOnlyWhenTheLastSocketCloses() {
    var ann = account("ann2");
    var bob = account("bob2");
    try (var a = open("/ws/chat", ann);
        var first = open("/ws/chat", bob);
        var second = open("/ws/chat", bob)) {
      next(a, "join", bob);
      next(a, "join", bob);
      first.close(1000);
      second.say("{\"type\":\"chat\",\"payload\":\"still here\"}");
      assertThat(next(a, bob).get("payload").asString()).isEqualTo("still here");
      second.close(1000);
      next(a, "leave", bob);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"\"hi <b>\"", "{\"text\":\"hi\",\"n\":[1,2.5,null]}", "null", "\"\"", "7", "[]"})
  void aChatReachesEverybodyAsItWasAndFromWhomItWas(String payload) {
    var ann = account("ann" + Math.abs(payload.hashCode()));
    var bob = account("bob" + Math.abs(payload.hashCode()));
    try (var a = open("/ws/chat", ann);
        var b = open("/ws/group/chat", bob)) {
      upToOwnJoin(a, ann);
      upToOwnJoin(b, bob);
      a.say(
          "{\"type\":\"chat\",\"sender_id\":\"%s\",\"sender_name\":\"bob\",\"payload\":%s}"
              .formatted(bob.id(), payload));
      for (var socket : new SeedSocket[] {a, b}) {
        var frame = next(socket, "chat", ann);
        assertThat(frame.get("sender_name").asString()).isEqualTo(ann.name());
        assertThat(frame.get("payload")).isEqualTo(JSON.readTree(payload));
      }
    }
  }

  @Test
  void aPrivateMessageReachesItsTargetAlone() {
    var ann = account("ann3");
    var bob = account("bob3");
    var cem = account("cem3");
    try (var a = open("/ws/chat", ann);
        var b = open("/ws/chat", bob);
        var c = open("/ws/chat", cem)) {
      upToOwnJoin(a, ann);
      upToOwnJoin(b, bob);
      upToOwnJoin(c, cem);
      a.say(frame("private", bob.id(), "secret"));
      a.say(frame("private", uuid(bob), "secret again"));
      a.say(frame("private", "01M7WCKG0ZFFWEGB1NJA7JMZMH", "to nobody"));
      a.say("{\"type\":\"private\",\"payload\":\"to nobody\"}");
      a.say("{\"type\":\"chat\",\"payload\":\"done\"}");
      var heard = next(b, "private", ann);
      assertThat(heard.get("payload").asString()).isEqualTo("secret");
      assertThat(heard.get("target_id").asString()).isEqualTo(bob.id());
      assertThat(next(b, "private", ann).get("payload").asString()).isEqualTo("secret again");
      assertThat(next(c, ann).get("payload").asString()).isEqualTo("done");
      assertThat(next(a, ann).get("payload").asString()).isEqualTo("done");
    }
  }

  @Test
  void aPrivateMessageToSomebodyOfflineWaitsOnTheNativeApi() {
    var ann = account("ann4");
    var bob = account("bob4");
    try (var a = open("/ws/chat", ann)) {
      upToOwnJoin(a, ann);
      a.say(frame("private", bob.id(), "for later"));
      a.say("{\"type\":\"chat\",\"payload\":\"marker\"}");
      next(a, "chat", ann);
    }
    try (var b = open("/ws/chat", bob)) {
      b.nextJson();
      assertThat(b.nextJson().get("type").asString()).isEqualTo("join");
    }
    var rooms = http.get("/api/v1/rooms", bob.token()).json().get("rooms");
    for (var room : rooms) {
      if (room.get("kind").asString().equals("direct")) {
        var path = "/api/v1/rooms/" + room.get("room_id").asString() + "/messages";
        var messages = http.get(path, bob.token()).json().get("messages");
        assertThat(messages.get(0).get("content").asString()).isEqualTo("for later");
        return;
      }
    }
    throw new AssertionError("no direct room: " + rooms);
  }

  @Test
  void typingReachesTheOthersOrItsTarget() {
    var ann = account("ann5");
    var bob = account("bob5");
    var cem = account("cem5");
    try (var a = open("/ws/chat", ann);
        var b = open("/ws/chat", bob);
        var c = open("/ws/chat", cem)) {
      upToOwnJoin(a, ann);
      upToOwnJoin(b, bob);
      upToOwnJoin(c, cem);
      a.say("{\"type\":\"typing\",\"payload\":{\"on\":true}}");
      a.say("{\"type\":\"typing\",\"target_id\":\"%s\"}".formatted(bob.id()));
      a.say("{\"type\":\"chat\",\"payload\":\"done\"}");
      assertThat(next(b, "typing", ann).get("payload").get("on").asBoolean()).isTrue();
      assertThat(next(b, "typing", ann).get("target_id").asString()).isEqualTo(bob.id());
      assertThat(next(c, "typing", ann).get("payload").get("on").asBoolean()).isTrue();
      assertThat(next(c, ann).get("type").asString()).isEqualTo("chat");
      assertThat(next(a, ann).get("type").asString()).isEqualTo("chat");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"{", "[]", "{\"type\":\"ping\"}", "{}", "{\"type\":1}", "{\"type\":\"what\"}"})
  void nonsenseIsIgnored(String frame) {
    var ann = account("nil" + Math.abs(frame.hashCode()));
    try (var a = open("/ws/chat", ann)) {
      upToOwnJoin(a, ann);
      a.say(frame);
      a.say("{\"type\":\"join\",\"payload\":\"by hand\"}");
      assertThat(next(a, ann).get("payload").asString()).isEqualTo("by hand");
    }
  }

  @Test
  void theHubsDoNotHearEachOther() {
    var ann = account("ann6");
    var bob = account("bob6");
    try (var a = open("/ws/chat", ann);
        var b = open("/ws/notifications", bob);
        var both = open("/ws/notifications", ann)) {
      upToOwnJoin(a, ann);
      upToOwnJoin(b, bob);
      a.say("{\"type\":\"chat\",\"payload\":\"in the chat\"}");
      a.say(frame("private", bob.id(), "in the chat"));
      next(a, "chat", ann);
      both.say("{\"type\":\"chat\",\"payload\":\"a notification\"}");
      assertThat(next(b, "chat", ann).get("payload").asString()).isEqualTo("a notification");
    }
  }

  @Test
  void tokensOfAnotherProgramWithTheSameSecretAreGood() {
    var ann = account("ann7");
    long now = Instant.now().getEpochSecond();
    var good = claims(ann.id(), now, now + 60);
    try (var a = open("/ws/chat", new Account(ann.id(), "ann7", SeedToken.hs256(SECRET, good)))) {
      assertThat(a.nextJson().get("user_id").asString()).isEqualTo(ann.id());
    }
    var uuid = claims(uuid(ann), now, now + 60);
    try (var a = open("/ws/chat", new Account(ann.id(), "ann7", SeedToken.hs256(SECRET, uuid)))) {
      assertThat(a.nextJson().get("user_id").asString()).isEqualTo(ann.id());
    }
    var endless = "{\"user_id\":\"%s\",\"iat\":%d}".formatted(ann.id(), now);
    for (var token :
        new String[] {
          SeedToken.hs256(SECRET, claims(ann.id(), now - 99, now - 9)),
          SeedToken.hs256(SECRET, endless),
          SeedToken.hs256("another secret that is quite long enough", good),
          SeedToken.unsigned(good)
        }) {
      assertThatThrownBy(() -> open("/ws/chat", new Account(ann.id(), "ann7", token)))
          .isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void thePageAndTheHealthAreThere() {
    var page = http.get("/client");
    assertThat(page.status()).isEqualTo(200);
    assertThat(page.contentType()).startsWith("text/html");
    assertThat(http.get("/client.js").body()).contains("/ws/chat?token=");
    assertThat(http.get("/health").body()).isEqualTo("REST API OK");
    assertThat(new SeedHttp(server.http()).get("/health").body()).isEqualTo("OK");
  }

  @Test
  void theTwoHalvesOfTheServerShareTheirSecret() {
    var half = Map.of("JWT_SECRET", SECRET, "PARLEY_ROLE", "gateway");
    var other = Map.of("JWT_SECRET", SECRET + " not", "PARLEY_ROLE", "gateway");
    try (var api = TestServer.start(database, Map.of("JWT_SECRET", SECRET, "PARLEY_ROLE", "api"));
        var gateway = TestServer.start(database, half);
        var stranger = TestServer.start(database, other)) {
      var rest = new SeedHttp(api.http());
      rest.post(USERS + "register", proof("halves", "pw"));
      var token = rest.post(USERS + "login", proof("halves", "pw")).json().get("token").asString();
      assertThat(rest.get("/health").body()).isEqualTo("REST API OK");
      try (var socket = SeedSocket.open(URI.create(gateway.ws() + "/ws/chat?token=" + token))) {
        assertThat(socket.nextJson().get("user_name").asString()).isEqualTo("halves");
      }
      assertThat(new SeedHttp(stranger.http()).get("/ws/chat?token=" + token).status())
          .isEqualTo(401);
    }
  }

  @Test
  void aSignalIsShortAndNotTooFrequent() {
    var ann = account("ann9");
    var bob = account("bob9");
    try (var a = open("/ws/chat", ann);
        var b = open("/ws/chat", bob)) {
      upToOwnJoin(a, ann);
      upToOwnJoin(b, bob);
      a.say("{\"type\":\"typing\",\"payload\":\"%s\"}".formatted("x".repeat(5_000)));
      a.say("{\"type\":\"typing\",\"payload\":\"short\"}");
      assertThat(next(b, "typing", ann).get("payload").asString()).isEqualTo("short");
      int said = 4 * RateLimit.SIGNALS.permits();
      for (int i = 0; i < said; i++) {
        a.say("{\"type\":\"typing\",\"payload\":null}");
      }
      a.say("{\"type\":\"chat\",\"payload\":\"done\"}");
      int heard = 0;
      while (next(b, ann).get("type").asString().equals("typing")) {
        heard++;
      }
      assertThat(heard).isPositive().isLessThan(said);
    }
  }

  private Account account(String name) {
    var id = http.post(USERS + "register", proof(name, "pw")).json().get("id").asString();
    var token = http.post(USERS + "login", proof(name, "pw")).json().get("token").asString();
    return new Account(id, name, token);
  }

  private SeedSocket open(String path, Account account) {
    return SeedSocket.open(URI.create(server.ws() + path + "?token=" + account.token()));
  }

  private static void upToOwnJoin(SeedSocket socket, Account account) {
    next(socket, "join", account);
  }

  /// The next frame of a type from somebody.
  private static JsonNode next(SeedSocket socket, String type, Account from) {
    while (true) {
      var frame = next(socket, from);
      if (frame.get("type").asString().equals(type)) {
        return frame;
      }
    }
  }

  /// The next frame from somebody; others come and go meanwhile.
  private static JsonNode next(SeedSocket socket, Account from) {
    while (true) {
      var frame = socket.nextJson();
      if (frame.has("sender_id") && frame.get("sender_id").asString().equals(from.id())) {
        return frame;
      }
    }
  }

  private static String proof(String name, String password) {
    return "{\"username\":\"%s\",\"password\":\"%s\"}".formatted(name, password);
  }

  private static String frame(String type, String target, String text) {
    return "{\"type\":\"%s\",\"target_id\":\"%s\",\"payload\":\"%s\"}"
        .formatted(type, target, text);
  }

  private static String claims(String id, long iat, long exp) {
    return "{\"user_id\":\"%s\",\"user_name\":\"ann7\",\"iat\":%d,\"exp\":%d}"
        .formatted(id, iat, exp);
  }

  private static String uuid(Account account) {
    return Ulid.parse(account.id()).map(UUID::toString).orElseThrow();
  }
}
