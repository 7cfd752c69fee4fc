package dev.parley.server.rest.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.server.adapter.telemetry.PrometheusTelemetry;
import dev.parley.server.base.DeviceId;
import dev.parley.server.base.OrgId;
import dev.parley.server.base.OutageException;
import dev.parley.server.base.Refusal;
import dev.parley.server.base.RoomId;
import dev.parley.server.base.UserId;
import dev.parley.server.domain.access.AccessControl;
import dev.parley.server.domain.access.MembershipLookup;
import dev.parley.server.domain.access.Principal;
import dev.parley.server.domain.access.Role;
import dev.parley.server.domain.limit.TrustedProxies;
import java.io.IOException;
import java.net.InetAddress;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The front door over real HTTP, with small routes of its own.
final class FrontDoorTest {
  private static final Dialect NATIVE = Dialect.ofNative("Test");
  private static final Dialect SEED =
      new Dialect(
          "Seed", problem -> Answer.text(problem.status(), "seed"), false, false, true, 1_000);
  private static final String ORG = "00000000-0000-7000-8000-000000000001";

  private final CountDownLatch entered = new CountDownLatch(2);
  private final CountDownLatch release = new CountDownLatch(1);
  private final PrometheusTelemetry telemetry = new PrometheusTelemetry();
  private HttpFixture http;

  record Greeting(
      String name, @Nullable Inner inner, @Nullable Integer times, @Nullable List<Inner> more) {}

  record Inner(String text) {}

  @BeforeEach
  void start() {
    var config =
        new HttpConfig(
            Set.of("https://app.example"),
            InetAddress::isLoopbackAddress,
            2,
            Duration.ofMillis(300));
    http =
        new HttpFixture(
            config, api(), new Guards(FrontDoorTest::account, Throttle.OPEN), telemetry);
  }

  @AfterEach
  void stop() {
    release.countDown();
    http.close();
    telemetry.close();
  }

  @Test
  void anUnknownPathIsAProblem() {
    var answer = http.get("/nowhere");
    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
    var id = answer.headers().firstValue("X-Request-Id").orElseThrow();
    assertThat(answer.body())
        .contains("\"type\":\"urn:parley:error:not_found\"")
        .contains("\"status\":404")
        .contains("\"code\":\"not_found\"")
        .contains("\"temporary\":false")
        .contains("\"request_id\":\"" + id + "\"")
        .doesNotContain("retry_after_ms");
  }

  @Test
  void aBodyIsBoundAndAnswered() {
    var answer = http.post("/greet", "{\"name\":\"Ann\",\"inner\":{\"text\":\"t\"}}");
    assertThat(answer.statusCode()).isEqualTo(201);
    assertThat(answer.body()).isEqualTo("{\"name\":\"Ann\",\"inner\":{\"text\":\"t\"}}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "[]",
        "null",
        "\"x\"",
        "{}",
        "{\"name\":null}",
        "{\"name\":7}",
        "{\"name\":\"a\",\"times\":\"7\"}",
        "{\"name\":\"a\",\"times\":7.5}",
        "{\"name\":\"a\",\"times\":99999999999}",
        "{\"name\":\"a\",\"times\":true}",
        "{\"name\":\"a\",\"role\":\"owner\"}",
        "{\"name\":\"a\",\"name\":\"b\"}",
        "{\"name\":\"a\",\"inner\":{}}",
        "{\"name\":\"a\",\"inner\":\"b\"}",
        "{\"name\":\"a\",\"more\":[null]}",
        "{\"name\":\"a\",\"more\":[1]}",
        "{\"name\":\"a\",\"more\":[{}]}",
        "{\"name\":\"a\",\"more\":[{\"text\":\"t\"},null]}",
        "{\"name\":\"a\"} x",
        "{\"name\":\"a\\u0000\"}",
        "{\"name\":\"\\ud800\"}",
        "{\"name\":\"\\udc00\\ud800\"}"
      })
  void aBadBodyIsRefused(String body) {
    var answer = http.post("/greet", body);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
    assertThat(answer.body()).contains("\"code\":\"bad_request\"").doesNotContain("dev.parley");
  }

  @Test
  void depthIsBounded() {
    var deep = "{\"name\":\"a\",\"x\":" + "[".repeat(40) + "]".repeat(40) + "}";
    assertThat(http.post("/seed", deep).statusCode()).isEqualTo(400);
    var flat = "{\"name\":\"a\",\"x\":" + "[".repeat(20) + "]".repeat(20) + "}";
    assertThat(http.post("/seed", flat).statusCode()).isEqualTo(200);
  }

  @Test
  void seedRoutesAreLenientAndSpeakTheirOwnErrors() {
    var answer = http.post("/seed", "{\"name\":\"a\",\"extra\":1,\"name\":\"b\"}");
    assertThat(answer.body()).isEqualTo("b");
    assertThat(http.post("/seed", "{").body()).isEqualTo("seed");
  }

  @Test
  void aBodyThatIsTooLargeIs413() {
    var big = "{\"name\":\"" + "a".repeat(Dialect.BODY_BYTES) + "\"}";
    var answer = http.post("/greet", big);
    assertThat(answer.statusCode()).isEqualTo(413);
    assertThat(answer.body()).contains("\"code\":\"too_large\"");
  }

  @Test
  void aChunkedBodyThatIsTooLargeIs413() {
    var big = "{\"name\":\"" + "a".repeat(Dialect.BODY_BYTES) + "\"}";
    var stream =
        HttpRequest.BodyPublishers.ofInputStream(
            () -> new java.io.ByteArrayInputStream(big.getBytes()));
    assertThat(http.send(http.request("/greet").POST(stream)).statusCode()).isEqualTo(413);
  }

  @ParameterizedTest
  @CsvSource({
    "text/plain,415",
    "application/x-www-form-urlencoded,415",
    "application/json; charset=utf-16,415",
    "application/json;charset=UTF-8,201",
    "application/merge-patch+json,201"
  })
  void onlyJsonIsJson(String type, int status) {
    var request =
        http.request("/greet")
            .header("Content-Type", type)
            .POST(HttpRequest.BodyPublishers.ofString("{\"name\":\"a\"}"));
    assertThat(http.send(request).statusCode()).isEqualTo(status);
  }

  @Test
  void aMissingContentTypeIsForgivenAndACompressedBodyIsNot() {
    var body = HttpRequest.BodyPublishers.ofString("{\"name\":\"a\"}");
    assertThat(http.send(http.request("/greet").POST(body)).statusCode()).isEqualTo(201);
    var zipped = http.request("/greet").header("Content-Encoding", "gzip").POST(body);
    assertThat(http.send(zipped).statusCode()).isEqualTo(415);
  }

  @Test
  void aSlowBodyIs408() throws IOException {
    try (var socket = new java.net.Socket("127.0.0.1", http.port())) {
      socket.setSoTimeout(10_000);
      socket
          .getOutputStream()
          .write("POST /greet HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{".getBytes());
      var head = new byte[12];
      socket.getInputStream().readNBytes(head, 0, 12);
      assertThat(new String(head)).isEqualTo("HTTP/1.1 408");
    }
  }

  @Test
  void aWrongMethodIs405WithAllow() {
    var answer = http.send(http.request("/greet").DELETE());
    assertThat(answer.statusCode()).isEqualTo(405);
    assertThat(answer.headers().firstValue("Allow")).contains("POST, OPTIONS");
    var odd = http.send(http.request("/greet").method("BREW", HttpRequest.BodyPublishers.noBody()));
    assertThat(odd.statusCode()).isEqualTo(405);
  }

  @Test
  void headAnswersWithoutABody() {
    var answer =
        http.send(http.request("/hello").method("HEAD", HttpRequest.BodyPublishers.noBody()));
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Content-Length")).contains("5");
    assertThat(answer.body()).isEmpty();
  }

  @Test
  void everyAnswerCarriesTheSecurityHeaders() {
    for (var path : List.of("/hello", "/nowhere", "/defect")) {
      var headers = http.get(path).headers();
      assertThat(headers.firstValue("X-Content-Type-Options")).contains("nosniff");
      assertThat(headers.firstValue("Content-Security-Policy"))
          .contains("default-src 'none'; frame-ancestors 'none'");
      assertThat(headers.firstValue("Referrer-Policy")).contains("no-referrer");
      assertThat(headers.firstValue("Cache-Control")).contains("no-store");
      assertThat(headers.firstValue("Strict-Transport-Security")).isEmpty();
    }
  }

  @Test
  void behindATlsProxyBrowsersAreToldToStayWithTls() {
    var behind = http.send(http.request("/hello").header("X-Forwarded-Proto", "https"));
    assertThat(behind.headers().firstValue("Strict-Transport-Security")).isPresent();
    var plain = http.send(http.request("/hello").header("X-Forwarded-Proto", "http"));
    assertThat(plain.headers().firstValue("Strict-Transport-Security")).isEmpty();
  }

  @Test
  void aSaneRequestIdIsKeptAndAnotherReplaced() {
    var kept = http.send(http.request("/hello").header("X-Request-Id", "abc-1.2_3"));
    assertThat(kept.headers().firstValue("X-Request-Id")).contains("abc-1.2_3");
    var replaced = http.send(http.request("/hello").header("X-Request-Id", "a b\"}"));
    assertThat(replaced.headers().firstValue("X-Request-Id").orElseThrow()).hasSize(36);
  }

  @Test
  void pagesOfAllowedOriginsMayRead() {
    var allowed = http.send(http.request("/hello").header("Origin", "https://app.example"));
    assertThat(allowed.headers().firstValue("Access-Control-Allow-Origin"))
        .contains("https://app.example");
    assertThat(allowed.headers().firstValue("Vary")).contains("Origin");
    assertThat(allowed.headers().firstValue("Access-Control-Allow-Credentials")).isEmpty();
    var foreign = http.send(http.request("/hello").header("Origin", "https://evil.example"));
    assertThat(foreign.headers().firstValue("Access-Control-Allow-Origin")).isEmpty();
  }

  @Test
  void aPreflightIsAnsweredForAllowedOriginsOnly() {
    var allowed = preflight("/greet", "https://app.example");
    assertThat(allowed.statusCode()).isEqualTo(204);
    assertThat(allowed.headers().firstValue("Access-Control-Allow-Methods")).isPresent();
    var foreign = preflight("/greet", "https://evil.example");
    assertThat(foreign.headers().map().keySet())
        .noneMatch(name -> name.toLowerCase().startsWith("access-control"));
  }

  @Test
  void refusalsAndOutagesHaveTheirStatus() {
    var limited = http.get("/limited");
    assertThat(limited.statusCode()).isEqualTo(429);
    assertThat(limited.headers().firstValue("Retry-After")).contains("2");
    assertThat(limited.body()).contains("\"retry_after_ms\":1200").contains("\"temporary\":true");
    assertThat(http.get("/away").statusCode()).isEqualTo(503);
    assertThat(http.get("/full").statusCode()).isEqualTo(507);
  }

  @Test
  void aDefectTellsNothingButTheRequestId() {
    var answer = http.get("/defect");
    assertThat(answer.statusCode()).isEqualTo(500);
    assertThat(answer.body())
        .contains("\"code\":\"internal\"")
        .contains("\"request_id\"")
        .doesNotContain("secret detail")
        .doesNotContain("Exception");
    assertThat(telemetry.scrape()).contains("parley_defects_total{ring=\"rest\"} 1.0");
  }

  @Test
  void aTokenIsNeededWhereThePolicySaysSo() {
    var anonymous = http.get("/me");
    assertThat(anonymous.statusCode()).isEqualTo(401);
    assertThat(anonymous.headers().firstValue("WWW-Authenticate")).contains("Bearer");
    assertThat(http.send(http.request("/me?token=ann")).statusCode()).isEqualTo(401);
    assertThat(http.send(bearer("/me", "nobody")).statusCode()).isEqualTo(401);
    assertThat(http.send(bearer("/me", "ann")).body()).isEqualTo("ann");
    assertThat(http.get("/seed/me?token=ann").body()).isEqualTo("ann");
  }

  @Test
  void aForeignOrganizationAnswersLikeNone() {
    var mine = http.send(bearer("/orgs/" + ORG, "ann"));
    assertThat(mine.statusCode()).isEqualTo(200);
    var foreign = http.send(bearer("/orgs/" + ORG, "bob").header("X-Request-Id", "same"));
    var none =
        http.send(bearer("/orgs/" + UUID.randomUUID(), "bob").header("X-Request-Id", "same"));
    assertThat(foreign.statusCode()).isEqualTo(404);
    assertThat(foreign.body()).isEqualTo(none.body());
    assertThat(http.send(bearer("/orgs/" + ORG + "/admin", "ann")).statusCode()).isEqualTo(403);
  }

  @Test
  void aPathMayHaveAVariantForTheOpenRealm() {
    assertThat(http.get("/both").body()).isEqualTo("open");
    assertThat(http.send(bearer("/both", "ann")).body()).isEqualTo("ann");
    assertThat(http.send(bearer("/both", "nobody")).statusCode()).isEqualTo(401);
  }

  @Test
  void literalsWinOverParameters() {
    assertThat(http.get("/items/special").body()).isEqualTo("special");
    assertThat(http.get("/items/a%2Fb+c%20d").body()).isEqualTo("a/b+c d");
    assertThat(http.send(http.request("/items/special").DELETE()).body()).isEqualTo("special gone");
    assertThat(http.get("/items/").statusCode()).isEqualTo(404);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/items/%zz", "/items/%00", "/items/a?x=%zz"})
  void brokenEncodingIsRefused(String path) throws IOException {
    var answer = http.raw("GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    assertThat(answer).startsWith("HTTP/1.1 400");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /hello HTTP/1.1\r\n\r\n",
        "GET /hello HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        "POST /greet HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST /greet HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd",
        "POST /greet HTTP/1.1\r\nHost: a\r\nContent-Length : 3\r\n\r\nabc",
        "POST /greet HTTP/1.1\r\nHost: a\r\nContent-Length: -3\r\n\r\nabc"
      })
  void smugglersAreRefused(String request) throws IOException {
    var closing = request.replaceFirst("\r\n", "\r\nConnection: close\r\n");
    assertThat(http.raw(closing)).startsWith("HTTP/1.1 400").doesNotContain("HTTP/1.1 20");
  }

  @ParameterizedTest
  @CsvSource({"/hello?x=,6000,414", "/hello,0,431"})
  void aHeadThatIsTooLongIsAProblem(String path, int length, int status) throws IOException {
    var header = status == 431 ? "X-Long: " + "a".repeat(9_000) + "\r\n" : "";
    var answer =
        http.raw("GET " + path + "a".repeat(length) + " HTTP/1.1\r\nHost: x\r\n" + header + "\r\n");
    assertThat(answer).contains(" " + status + " ").contains("nosniff").contains("too_large");
  }

  @Test
  void tooManyAtOnceIsBusy() throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var first = threads.submit(() -> http.get("/slow"));
      var second = threads.submit(() -> http.get("/slow"));
      entered.await();
      var third = http.get("/hello");
      assertThat(third.statusCode()).isEqualTo(503);
      assertThat(third.headers().firstValue("Retry-After")).contains("1");
      assertThat(third.body()).contains("\"code\":\"busy\"");
      assertThat(http.get("/alive").statusCode()).isEqualTo(200);
      release.countDown();
      assertThat(first.get().statusCode()).isEqualTo(200);
      assertThat(second.get().statusCode()).isEqualTo(200);
    }
    assertThat(http.get("/hello").statusCode()).isEqualTo(200);
  }

  @Test
  void theTrustedProxiesComesFromTrustedProxiesOnly() {
    var spoofed = http.request("/ip").header("X-Forwarded-For", "6.6.6.6, 203.0.113.9, 127.0.0.2");
    assertThat(http.send(spoofed).body()).isEqualTo("203.0.113.9");
    assertThat(http.get("/ip").body()).isEqualTo("127.0.0.1");
    var ofTwoLines =
        http.request("/ip")
            .header("X-Forwarded-For", "6.6.6.6")
            .header("X-Forwarded-For", "203.0.113.9");
    assertThat(http.send(ofTwoLines).body()).isEqualTo("203.0.113.9");
    var nobody = new TrustedProxies(peer -> false);
    assertThat(nobody.of("198.51.100.1", "6.6.6.6")).isEqualTo("198.51.100.1");
    var local = new TrustedProxies(InetAddress::isLoopbackAddress);
    assertThat(local.of("127.0.0.1", "evil.example")).isEqualTo("127.0.0.1");
    assertThat(local.of("::1", "2001:db8::7")).isEqualTo("2001:db8:0:0:0:0:0:7");
    assertThat(local.of("127.0.0.1", "6.6.6.6, 127.0.0.2")).isEqualTo("6.6.6.6");
  }

  private Api api() {
    var api = new Api(new AccessControl(new OneOrg()));
    api.route(NATIVE, Verb.POST, "/greet", "greet", "")
        .takes(Greeting.class)
        .anonymous(call -> Answer.created(call.body(Greeting.class)));
    api.route(SEED, Verb.POST, "/seed", "seed", "")
        .takes(Greeting.class)
        .anonymous(call -> Answer.text(200, call.body(Greeting.class).name()));
    text(api, "/hello", "hello", _ -> "hello");
    text(api, "/ip", "ip", Call::clientIp);
    api.route(NATIVE.withoutLimit(), Verb.GET, "/alive", "alive", "")
        .anonymous(_ -> Answer.text(200, "alive"));
    text(
        api,
        "/limited",
        "limited",
        _ -> {
          throw Refusal.rateLimited(Duration.ofMillis(1200));
        });
    text(
        api,
        "/away",
        "away",
        _ -> {
          throw outage(OutageException.Kind.UNAVAILABLE);
        });
    text(
        api,
        "/full",
        "full",
        _ -> {
          throw outage(OutageException.Kind.STORAGE_FULL);
        });
    text(
        api,
        "/defect",
        "defect",
        _ -> {
          throw new IllegalStateException("secret detail");
        });
    text(api, "/items/special", "special", _ -> "special");
    text(api, "/items/{item}", "item", call -> call.path("item"));
    api.route(NATIVE, Verb.DELETE, "/items/{item}", "deleteItem", "")
        .anonymous(call -> Answer.text(200, call.path("item") + " gone"));
    text(api, "/slow", "slow", _ -> slow());
    api.route(NATIVE, Verb.GET, "/me", "me", "")
        .signedIn((_, account) -> Answer.text(200, account.username()));
    api.route(SEED, Verb.GET, "/seed/me", "seedMe", "")
        .signedIn((_, account) -> Answer.text(200, account.username()));
    api.route(NATIVE, Verb.GET, "/both", "bothProven", "")
        .signedIn((_, account) -> Answer.text(200, account.username()));
    api.route(NATIVE, Verb.GET, "/both", "bothOpen", "").openRealm(_ -> Answer.text(200, "open"));
    api.route(NATIVE, Verb.GET, "/orgs/{org_id}", "org", "")
        .inOrg(Role.GUEST, (_, org) -> Answer.text(200, org.role().wireName()));
    api.route(NATIVE, Verb.GET, "/orgs/{org_id}/admin", "orgAdmin", "")
        .inOrg(Role.ADMIN, (_, org) -> Answer.text(200, org.role().wireName()));
    return api;
  }

  private static void text(
      Api api, String path, String operation, java.util.function.Function<Call, String> text) {
    api.route(NATIVE, Verb.GET, path, operation, "")
        .anonymous(call -> Answer.text(200, text.apply(call)));
  }

  private String slow() {
    entered.countDown();
    try {
      release.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return "slow";
  }

  private HttpRequest.Builder bearer(String path, String token) {
    return http.request(path).header("Authorization", "Bearer " + token);
  }

  private HttpResponse<String> preflight(String path, String origin) {
    return http.send(
        http.request(path)
            .header("Origin", origin)
            .header("Access-Control-Request-Method", "POST")
            .method("OPTIONS", HttpRequest.BodyPublishers.noBody()));
  }

  private static OutageException outage(OutageException.Kind kind) {
    return new OutageException(kind, "gone", new IOException("gone"));
  }

  private static Principal.Account account(String token) {
    if (token.equals("nobody")) {
      throw Refusal.unauthorized("unknown token");
    }
    return new Principal.Account(
        UserId.account(UUID.nameUUIDFromBytes(token.getBytes())),
        new DeviceId(new UUID(0, 1)),
        token,
        "parley",
        Instant.MAX);
  }

  /// Ann is a member of the one organization; nobody else is anywhere.
  private static final class OneOrg implements MembershipLookup {
    @Override
    public Optional<Role> orgRole(OrgId org, UserId user) {
      var ann = UserId.account(UUID.nameUUIDFromBytes("ann".getBytes()));
      return org.equals(OrgId.of(ORG)) && user.equals(ann)
          ? Optional.of(Role.MEMBER)
          : Optional.empty();
    }

    @Override
    public Optional<RoomStanding> room(RoomId room, UserId user) {
      return Optional.empty();
    }
  }
}
