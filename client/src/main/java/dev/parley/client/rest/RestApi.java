package dev.parley.client.rest;

import dev.parley.protocol.ErrorCode;
import dev.parley.protocol.EventCodec;
import dev.parley.protocol.ServerEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The HTTP routes that a client needs, as methods. Each call blocks its thread, at most 15 s.
///
/// All methods throw [ProblemException] if the server refuses and [UncheckedIOException] if it
/// cannot be reached.
public final class RestApi {
  private static final Duration TIMEOUT = Duration.ofSeconds(15);
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final HttpClient http;
  private final URI server;

  public RestApi(HttpClient http, URI server) {
    this.http = http;
    this.server = server;
  }

  /// Makes an account and signs in.
  public Login signUp(String username, String password) {
    return login(
        post(null, "/api/v1/auth/signup", Map.of("username", username, "password", password)));
  }

  /// Signs in on a new device.
  public Login logIn(String username, String password, String deviceName) {
    return login(
        post(
            null,
            "/api/v1/auth/login",
            Map.of("username", username, "password", password, "device_name", deviceName)));
  }

  /// Trades a refresh token for new tokens; the old one is used up.
  public Tokens refresh(String refreshToken) {
    return tokens(post(null, "/api/v1/auth/refresh", Map.of("refresh_token", refreshToken)));
  }

  /// Like [#refresh], without blocking.
  public CompletableFuture<Tokens> refreshAsync(String refreshToken) {
    var request =
        withBody(null, "POST", "/api/v1/auth/refresh", Map.of("refresh_token", refreshToken));
    return http.sendAsync(request, HttpResponse.BodyHandlers.ofString())
        .thenApply(response -> tokens(answer(response)));
  }

  /// Founds an organization.
  public OrgSummary createOrg(String token, String name) {
    return org(post(token, "/api/v1/orgs", Map.of("name", name)));
  }

  /// The organizations of the caller.
  public List<OrgSummary> myOrgs(String token) {
    return each(get(token, "/api/v1/orgs"), "orgs", RestApi::org);
  }

  /// Makes a user a member of an organization.
  public void addOrgMember(String token, String org, String userId, String role) {
    post(token, "/api/v1/orgs/" + org + "/members", Map.of("user_id", userId, "role", role));
  }

  /// Founds a room.
  ///
  /// @param kind `public`, `private` or `group`
  public RoomSummary createRoom(String token, String org, String name, String kind) {
    return room(post(token, "/api/v1/orgs/" + org + "/rooms", Map.of("name", name, "kind", kind)));
  }

  /// The direct room with another user; made if there is none yet.
  public RoomSummary directRoom(String token, String org, String userId) {
    return room(post(token, "/api/v1/orgs/" + org + "/direct", Map.of("user_id", userId)));
  }

  /// The rooms of an organization that the caller may see.
  public List<RoomSummary> rooms(String token, String org) {
    return each(get(token, "/api/v1/orgs/" + org + "/rooms"), "rooms", RestApi::room);
  }

  /// The rooms that the caller is a member of.
  public List<RoomSummary> myRooms(String token) {
    return each(get(token, "/api/v1/rooms"), "rooms", RestApi::room);
  }

  /// The user ids of a room's members, first page.
  public List<String> members(String token, String room) {
    return each(
        get(token, "/api/v1/rooms/" + room + "/members"),
        "members",
        member -> text(member, "user_id"));
  }

  /// Messages before a `seq`, the newest ones, ascending.
  public Page<ServerEvent.Message> messagesBefore(
      String token, String room, @Nullable Long beforeSeq, int limit) {
    var before = beforeSeq == null ? "" : "&before=" + beforeSeq;
    return page(
        get(token, "/api/v1/rooms/" + room + "/messages?limit=" + limit + before),
        "messages",
        ServerEvent.Message.class);
  }

  /// Messages after a `seq`, ascending.
  public Page<ServerEvent.Message> messagesAfter(
      String token, String room, long afterSeq, int limit) {
    return page(
        get(token, "/api/v1/rooms/" + room + "/messages?limit=" + limit + "&after=" + afterSeq),
        "messages",
        ServerEvent.Message.class);
  }

  /// Events of a room's log after a `pos`, ascending.
  public Page<ServerEvent.InRoom> eventsAfter(String token, String room, long afterPos, int limit) {
    return page(
        get(token, "/api/v1/rooms/" + room + "/events?limit=" + limit + "&after=" + afterPos),
        "events",
        ServerEvent.InRoom.class);
  }

  /// Posts a message.
  public JsonNode postMessage(String token, String room, UUID op, String content) {
    var path = "/api/v1/rooms/" + room + "/messages";
    var request = withBody(token, "POST", path, Map.of("content", content));
    return send(
        HttpRequest.newBuilder(request, (name, value) -> true)
            .header("Idempotency-Key", op.toString())
            .build());
  }

  private JsonNode get(@Nullable String token, String path) {
    return send(request(token, path).GET().build());
  }

  private JsonNode post(@Nullable String token, String path, Map<String, ?> body) {
    return send(withBody(token, "POST", path, body));
  }

  private HttpRequest withBody(
      @Nullable String token, String method, String path, Map<String, ?> body) {
    return request(token, path)
        .header("Content-Type", "application/json")
        .method(method, HttpRequest.BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body)))
        .build();
  }

  private HttpRequest.Builder request(@Nullable String token, String path) {
    var request = HttpRequest.newBuilder(server.resolve(path)).timeout(TIMEOUT);
    return token == null ? request : request.header("Authorization", "Bearer " + token);
  }

  private JsonNode send(HttpRequest request) {
    try {
      return answer(http.send(request, HttpResponse.BodyHandlers.ofString()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UncheckedIOException(new IOException("interrupted", e));
    }
  }

  private static JsonNode answer(HttpResponse<String> response) {
    if (response.statusCode() >= 400) {
      throw problem(response);
    }
    return response.body().isBlank() ? JSON.createObjectNode() : JSON.readTree(response.body());
  }

  private static ProblemException problem(HttpResponse<String> response) {
    var retryAfter =
        response
            .headers()
            .firstValue("retry-after")
            .filter(text -> text.matches("\\d{1,6}"))
            .map(text -> Duration.ofSeconds(Long.parseLong(text)))
            .orElse(null);
    var type = response.headers().firstValue("content-type").orElse("");
    if (!type.contains("json")) {
      var code = response.statusCode() >= 500 ? ErrorCode.UNAVAILABLE : ErrorCode.BAD_REQUEST;
      return new ProblemException(response.statusCode(), code, "no problem document", retryAfter);
    }
    var body = JSON.readTree(response.body());
    var code = ErrorCode.ofWireName(body.path("code").asString("internal"));
    var detail = body.path("detail").asString(body.path("title").asString(""));
    return new ProblemException(response.statusCode(), code, detail, retryAfter);
  }

  private static Login login(JsonNode body) {
    return new Login(
        text(body, "user_id"), text(body, "username"), text(body, "device_id"), tokens(body));
  }

  private static Tokens tokens(JsonNode body) {
    return new Tokens(
        text(body, "access_token"),
        Instant.parse(text(body, "expires_at")),
        text(body, "refresh_token"));
  }

  private static OrgSummary org(JsonNode node) {
    return new OrgSummary(text(node, "org_id"), text(node, "name"));
  }

  private static RoomSummary room(JsonNode node) {
    return new RoomSummary(
        text(node, "room_id"),
        text(node, "org_id"),
        text(node, "kind"),
        node.path("name").asString(""));
  }

  private static <E extends ServerEvent.InRoom> Page<E> page(
      JsonNode body, String list, Class<E> type) {
    var items = new ArrayList<E>();
    for (var node : body.path(list)) {
      EventCodec.decode(JSON.writeValueAsString(node))
          .filter(type::isInstance)
          .map(type::cast)
          .ifPresent(items::add);
    }
    return new Page<>(items, body.path("more").asBoolean(false));
  }

  private static <T> List<T> each(JsonNode body, String list, Function<JsonNode, T> read) {
    var result = new ArrayList<T>();
    body.path(list).forEach(node -> result.add(read.apply(node)));
    return result;
  }

  private static String text(JsonNode node, String field) {
    return node.path(field).asString("");
  }
}
