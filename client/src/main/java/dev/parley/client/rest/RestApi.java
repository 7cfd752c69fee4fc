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
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

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

  /// Makes a user a member of an organization, by name.
  public void addOrgMemberNamed(String token, String org, String username) {
    post(token, "/api/v1/orgs/" + org + "/members", Map.of("username", username));
  }

  /// Makes a member of the organization a member of a room.
  public void addMember(String token, String room, String userId) {
    post(token, "/api/v1/rooms/" + room + "/members", Map.of("user_id", userId));
  }

  /// Makes a member of the organization a member of a room, by name.
  public void addMemberNamed(String token, String room, String username) {
    post(token, "/api/v1/rooms/" + room + "/members", Map.of("username", username));
  }

  /// The members of an organization, at most 500 of them.
  public List<Person> orgMembers(String token, String org) {
    return each(
        get(token, "/api/v1/orgs/" + org + "/members?limit=500"), "members", RestApi::person);
  }

  /// Becomes a member of a public room.
  public void join(String token, String room) {
    post(token, "/api/v1/rooms/" + room + "/join", Map.of());
  }

  /// Sends a member away.
  public void removeMember(String token, String room, String userId) {
    send(request(token, "/api/v1/rooms/" + room + "/members/" + userId).DELETE().build());
  }

  /// The newest messages before one, or the newest of all, ascending.
  public Page<ServerEvent.Message> messagesBefore(
      String token, String room, @Nullable Long messageId, int limit) {
    var before = messageId == null ? "" : "&before=" + messageId;
    var page = messages(token, room, "limit=" + limit + before);
    return new Page<>(page.items().reversed(), page.more());
  }

  /// The oldest messages after one, ascending.
  public Page<ServerEvent.Message> messagesAfter(
      String token, String room, long messageId, int limit) {
    return messages(token, room, "limit=" + limit + "&after=" + messageId);
  }

  private Page<ServerEvent.Message> messages(String token, String room, String query) {
    var body = get(token, "/api/v1/rooms/" + room + "/messages?" + query);
    var items = new ArrayList<ServerEvent.Message>();
    for (var node : body.path("messages")) {
      var typed = ((ObjectNode) node).put("type", "message");
      EventCodec.decode(JSON.writeValueAsString(typed))
          .map(ServerEvent.Message.class::cast)
          .ifPresent(items::add);
    }
    return new Page<>(items, body.path("more").asBoolean(false));
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

  private static Person person(JsonNode node) {
    return new Person(text(node, "user_id"), text(node, "username"));
  }

  private static OrgSummary org(JsonNode node) {
    return new OrgSummary(text(node, "org_id"), text(node, "name"));
  }

  private static RoomSummary room(JsonNode node) {
    return new RoomSummary(
        text(node, "room_id"),
        text(node, "org_id"),
        text(node, "kind"),
        node.path("name").asString(""),
        node.path("epoch").asString(""),
        node.path("pos").asLong(0));
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
