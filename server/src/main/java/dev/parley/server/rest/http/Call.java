package dev.parley.server.rest.http;

import dev.parley.server.base.Ids;
import dev.parley.server.base.Limits;
import dev.parley.server.base.OrgId;
import dev.parley.server.base.Refusal;
import dev.parley.server.base.RoomId;
import dev.parley.server.base.TaskId;
import dev.parley.server.base.UserId;
import dev.parley.server.domain.access.Principal;
import dev.parley.server.domain.limit.ClientAddress;
import dev.parley.server.domain.limit.TrustedProxies;
import java.io.InputStream;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// One request as its handler sees it. Used by one thread at a time.
public final class Call {
  /// What is answered to somebody without a token.
  public static final String NO_TOKEN = "an access token is required";

  private static final long MAX_SAFE_INTEGER = (1L << 53) - 1;
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,16}");

  private final Route route;
  private final Request request;
  private final Map<String, String> parameters;
  private final Authenticator authenticator;
  private final Json json;
  private Principal.@Nullable Account account;

  Call(
      Route route,
      Request request,
      Map<String, String> parameters,
      Authenticator authenticator,
      Json json) {
    this.route = route;
    this.request = request;
    this.parameters = parameters;
    this.authenticator = authenticator;
    this.json = json;
  }

  /// What came over the wire, apart from the route.
  ///
  /// @param query the decoded query parameters; of a repeated one the first
  /// @param headers the request headers, with names in lower case; of a repeated one the first
  /// @param listener which door the request came through
  /// @param stream the body as it arrives, for a route that takes an upload
  @SuppressWarnings("ArrayRecordComponent") // Nobody compares or changes it.
  record Request(
      String id,
      String clientIp,
      String listener,
      Optional<String> token,
      Map<String, String> query,
      Map<String, String> headers,
      byte[] body,
      Optional<InputStream> stream) {}

  /// The route that was matched.
  public Route route() {
    return route;
  }

  /// Names this request in logs and answers.
  public String requestId() {
    return request.id();
  }

  /// The client's address, as far as trusted proxies tell it.
  public String clientIp() {
    return request.clientIp();
  }

  /// The client's address, as far as limits care.
  public ClientAddress clientAddress() {
    return TrustedProxies.limited(request.clientIp());
  }

  /// The name of the listener that took the request.
  public String listener() {
    return request.listener();
  }

  /// The access token, unverified; empty if there is none.
  public Optional<String> token() {
    return request.token();
  }

  /// The account that the token proves.
  ///
  /// @throws dev.parley.server.base.RefusedException unauthorized or expired
  public Principal.Account account() {
    if (account == null) {
      var token = request.token().orElseThrow(() -> Refusal.unauthorized(NO_TOKEN));
      account = authenticator.authenticate(token);
    }
    return account;
  }

  /// Proves the account once more, for what goes on for long after the first proof.
  ///
  /// @throws dev.parley.server.base.RefusedException unauthorized or expired
  public void authenticateAgain() {
    account = null;
    account();
  }

  /// Whether the caller is on this very machine, as far as can be told: what came through a proxy
  /// is not.
  public boolean isLocal() {
    return rawHeader("x-forwarded-for").isEmpty()
        && rawHeader("forwarded").isEmpty()
        && TrustedProxies.isLoopback(request.clientIp());
  }

  /// The organization in the path.
  public OrgId orgId() {
    return OrgId.of(path("org_id"));
  }

  /// The room in the path.
  public RoomId roomId() {
    return RoomId.of(path("room_id"));
  }

  /// The account in the path; of another issuer it need not be a UUID.
  public UserId userId() {
    return UserId.member(path("user_id"));
  }

  /// The task in the path.
  public TaskId taskId() {
    return TaskId.of(path("task_id"));
  }

  /// The message in the path.
  public long messageId() {
    return positive("message_id", path("message_id"));
  }

  /// A parameter of the path.
  public String path(String name) {
    var value = parameters.get(name);
    if (value == null) {
      throw new IllegalStateException(route.path() + " has no parameter " + name);
    }
    return Text.checked(name, value);
  }

  /// A query parameter that the route declares; empty if absent or empty.
  public Optional<String> query(String name) {
    if (!route.doc().query().containsKey(name)) {
      throw new IllegalStateException(route.operation() + " does not declare the query " + name);
    }
    return Optional.ofNullable(request.query().get(name))
        .filter(value -> !value.isEmpty())
        .map(value -> Text.checked(name, value));
  }

  /// A query parameter that is a number from 0 up.
  ///
  /// @throws dev.parley.server.base.RefusedException bad_request
  public OptionalLong number(String name) {
    var text = query(name);
    return text.isEmpty() ? OptionalLong.empty() : OptionalLong.of(positive(name, text.get()));
  }

  /// A query parameter that is a moment (RFC 3339).
  ///
  /// @throws dev.parley.server.base.RefusedException bad_request
  public Optional<Instant> instant(String name) {
    return query(name).map(Text::instant);
  }

  /// The wanted page size: `limit`, or the default; a larger wish is cut to [Limits#PAGE].
  ///
  /// @throws dev.parley.server.base.RefusedException bad_request, also for 0
  public int limit(int absent) {
    long wish = number("limit").orElse(absent);
    if (wish == 0) {
      throw Refusal.badRequest("limit must be at least 1");
    }
    return (int) Math.min(wish, Limits.PAGE);
  }

  /// A request header that the route declares.
  public Optional<String> header(String name) {
    if (!route.doc().headers().containsKey(name)) {
      throw new IllegalStateException(route.operation() + " does not declare the header " + name);
    }
    return rawHeader(name);
  }

  /// The client's idempotency key, a UUID; empty if absent.
  public Optional<UUID> idempotencyKey() {
    return header("Idempotency-Key").map(text -> Ids.uuid("Idempotency-Key", text));
  }

  /// The JSON body as the record that the route declares.
  ///
  /// @throws dev.parley.server.base.RefusedException bad_request
  public <T> T body(Class<T> type) {
    if (!route.doc().takes().equals(Optional.of(type))) {
      throw new IllegalStateException(route.operation() + " does not declare the body " + type);
    }
    return json.read(request.body(), type, route.dialect().strict());
  }

  /// The file in the body, for a route that declares [RouteDraft#takesUpload]; to be read once.
  ///
  /// @throws dev.parley.server.base.RefusedException bad_request if there is none
  public Upload upload() {
    var stream =
        request.stream()
            .orElseThrow(
                () -> new IllegalStateException(route.operation() + " declares no upload"));
    var type = rawHeader("content-type").orElse("");
    var boundary = Multipart.boundary(type);
    if (boundary.isPresent()) {
      return new Multipart(stream, boundary.get()).file();
    }
    if (type.toLowerCase(Locale.ROOT).startsWith("multipart/")) {
      throw Refusal.badRequest("of the multipart types only form-data with a boundary is known");
    }
    return new Upload(Optional.empty(), length(), stream);
  }

  private OptionalLong length() {
    return rawHeader("content-length")
        .filter(text -> NUMBER.matcher(text).matches())
        .map(text -> OptionalLong.of(Long.parseLong(text)))
        .orElse(OptionalLong.empty());
  }

  /// Whether the client would rather have JSON than text.
  public boolean wantsJson() {
    return rawHeader("accept").filter(accept -> accept.contains("application/json")).isPresent();
  }

  private Optional<String> rawHeader(String name) {
    return Optional.ofNullable(request.headers().get(name.toLowerCase(Locale.ROOT)));
  }

  private static long positive(String name, String text) {
    if (NUMBER.matcher(text).matches()) {
      long value = Long.parseLong(text);
      if (value <= MAX_SAFE_INTEGER) {
        return value;
      }
    }
    throw Refusal.badRequest(name + " must be an integer from 0 to 2^53-1");
  }
}
