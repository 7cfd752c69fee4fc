package dev.parley.server.gateway;

import dev.parley.protocol.ErrorCode;
import dev.parley.server.base.OutageException;
import dev.parley.server.base.RefusedException;
import dev.parley.server.domain.limit.RateLimit;
import dev.parley.server.domain.limit.RateLimiter;
import dev.parley.server.domain.limit.TrustedProxies;
import dev.parley.server.gateway.SocketRoute.Accept;
import dev.parley.server.gateway.SocketRoute.AcceptRaw;
import dev.parley.server.gateway.SocketRoute.Refuse;
import dev.parley.server.gateway.websocket.Handshake;
import dev.parley.server.gateway.websocket.SocketRules;
import dev.parley.server.gateway.websocket.WebSocket;
import dev.parley.server.gateway.websocket.WebSocketListener;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/// All paths at which sockets are opened, and the way from the HTTP request to the open socket.
public final class SocketRoutes {
  private static final Logger LOG = LoggerFactory.getLogger(SocketRoutes.class);

  /// Handshakes that are being decided at once; beyond: 503.
  private static final int UNDECIDED = 2_000;

  private static final long FULL_RETRY_MS = 5_000;
  private static final String REQUEST_ID = "X-Request-Id";

  private final Gateway gateway;
  private final Handover handover;
  private final TrustedProxies proxies;
  private final RateLimiter limiter;
  private final SocketLog log;
  private final List<Entry> entries = new ArrayList<>();
  private final Semaphore undecided = new Semaphore(UNDECIDED);

  public SocketRoutes(
      Gateway gateway,
      Handover handover,
      TrustedProxies proxies,
      RateLimiter limiter,
      SocketLog log) {
    this.gateway = gateway;
    this.handover = handover;
    this.proxies = proxies;
    this.limiter = limiter;
    this.log = log;
    CommandPolicy.requireComplete();
  }

  private record Entry(List<String> segments, SocketRoute route, Handshake handshake) {
    Optional<Map<String, String>> match(List<String> path) {
      if (path.size() != segments.size()) {
        return Optional.empty();
      }
      var values = new HashMap<String, String>();
      for (int i = 0; i < path.size(); i++) {
        var segment = segments.get(i);
        if (segment.startsWith("{")) {
          values.put(segment.substring(1, segment.length() - 1), path.get(i));
        } else if (!segment.equals(path.get(i))) {
          return Optional.empty();
        }
      }
      return Optional.of(values);
    }
  }

  private record Match(Entry entry, Map<String, String> path) {}

  /// A request whose connection is ours, until it is answered.
  private record Wish(
      SocketRoute route,
      Handshake.Outcome judged,
      Handover.Upgrade upgrade,
      SocketLog log,
      SocketLog.Entry entry) {
    void accept(
        Handshake.Accepted accepted,
        SocketRules rules,
        Function<WebSocket, WebSocketListener> owner) {
      log.answered(entry, 101);
      upgrade.accept(accepted.with(REQUEST_ID, entry.requestId()), rules, owner);
    }

    void refuse(Handshake.Refused refused) {
      log.answered(entry, refused.status());
      upgrade.refuse(refused.with(REQUEST_ID, entry.requestId()));
    }

    void refuse(int status, String reason, Map<String, String> more, String type, String body) {
      log.answered(entry, status);
      var headers = new HashMap<>(more);
      headers.put(REQUEST_ID, entry.requestId());
      upgrade.refuse(status, reason, headers, type, body);
    }

    /// The words come from us, so they hold nothing that JSON must escape.
    void problem(ErrorCode code, String detail, @Nullable Long retryAfterMs) {
      var headers =
          retryAfterMs == null
              ? Map.<String, String>of()
              : Map.of("Retry-After", Long.toString((retryAfterMs + 999) / 1_000));
      refuse(
          code.httpStatus(),
          code.wireName(),
          headers,
          "application/problem+json",
          "{\"title\":\"%s\",\"status\":%d,\"code\":\"%s\",\"detail\":\"%s\",\"request_id\":\"%s\"}"
              .formatted(
                  code.advice(), code.httpStatus(), code.wireName(), detail, entry.requestId()));
    }
  }

  /// Adds a path; at start-up only. Earlier routes win.
  public void add(SocketRoute route) {
    var segments = List.of(route.template().substring(1).split("/", -1));
    entries.add(new Entry(segments, route, new Handshake(route.subprotocols(), true)));
  }

  /// Makes a new connection ready, before its first request.
  public void prepare(HttpConnection connection) {
    handover.prepare(connection);
  }

  /// All routes, in the order of their registration.
  public List<SocketRoute> routes() {
    return entries.stream().map(Entry::route).toList();
  }

  /// Takes the request if its path is one of ours, and says whether. Event loop, inside the request
  /// handler.
  public boolean take(HttpServerRequest request) {
    var match = find(request.path());
    if (match.isEmpty()) {
      return false;
    }
    var entry = match.get().entry();
    var client = proxies.of(peer(request), forwardedFor(request));
    var judged = entry.handshake().judge(Handover.describe(request));
    var call = call(request, match.get().path(), client, judged instanceof Handshake.Accepted);
    var begun = log.begin(request, entry.route().template(), client);
    var wish = new Wish(entry.route(), judged, handover.take(request), log, begun);
    if (call.isEmpty()) {
      wish.problem(ErrorCode.BAD_REQUEST, "the query is malformed", null);
    } else if (gateway.isDraining() || !undecided.tryAcquire()) {
      wish.refuse(
          503,
          "Service Unavailable",
          Map.of("Retry-After", "1"),
          "text/plain",
          "try again in a moment\n");
    } else {
      gateway.executor().execute(() -> decide(wish, call.get()));
    }
    return true;
  }

  /// A path that cannot be decoded is none of ours.
  private Optional<Match> find(@Nullable String path) {
    var segments = segments(path);
    for (var entry : entries) {
      var values = entry.match(segments);
      if (values.isPresent()) {
        return Optional.of(new Match(entry, values.get()));
      }
    }
    return Optional.empty();
  }

  private void decide(Wish wish, SocketCall call) {
    MDC.put("request_id", wish.entry().requestId());
    try {
      limiter.acquire(RateLimit.CONNECTS, call.client().key());
      if (gateway.isFull(call.client().key())) {
        wish.problem(ErrorCode.BUSY, "too many sockets are open", FULL_RETRY_MS);
        return;
      }
      answer(wish, call.client().key(), wish.route().opener().open(call));
    } catch (RefusedException e) {
      var failure = Failures.of(0, e.refusal());
      wish.problem(failure.code(), e.refusal().message(), failure.retryAfterMs());
    } catch (OutageException e) {
      wish.problem(ErrorCode.UNAVAILABLE, "the database is away", null);
    } catch (RuntimeException e) {
      LOG.error("a handshake failed", e);
      wish.problem(ErrorCode.INTERNAL, "something went wrong on our side", null);
    } finally {
      undecided.release();
      MDC.remove("request_id");
    }
  }

  private void answer(Wish wish, String client, SocketRoute.Decision decision) {
    wish.route().policy().check(decision);
    switch (decision) {
      case Refuse(var status, var type, var body) ->
          wish.refuse(status, "Refused", Map.of(), type, body);
      case Accept accept ->
          open(
              wish,
              accept.rules(),
              socket -> gateway.open(socket, client, accept.principal(), accept.session()));
      case AcceptRaw(var rules, var owner) -> open(wish, rules, owner);
    }
  }

  private static void open(
      Wish wish, SocketRules rules, Function<WebSocket, WebSocketListener> owner) {
    switch (wish.judged()) {
      case Handshake.Accepted accepted -> wish.accept(accepted, rules, owner);
      case Handshake.Refused refused -> wish.refuse(refused);
    }
  }

  /// Empty if the query cannot be decoded.
  private static Optional<SocketCall> call(
      HttpServerRequest request, Map<String, String> path, String client, boolean upgrade) {
    var protocols = new ArrayList<String>();
    for (var value : request.headers().getAll("Sec-WebSocket-Protocol")) {
      for (var name : value.split(",", -1)) {
        protocols.add(name.strip());
      }
    }
    return query(request)
        .map(
            query ->
                new SocketCall(
                    path,
                    query,
                    protocols,
                    Optional.ofNullable(request.getHeader("Authorization")),
                    TrustedProxies.limited(client),
                    upgrade));
  }

  private static Optional<Map<String, String>> query(HttpServerRequest request) {
    var first = new HashMap<String, String>();
    try {
      request.params().forEach(pair -> first.putIfAbsent(pair.getKey(), pair.getValue()));
      return Optional.of(first);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static String peer(HttpServerRequest request) {
    var remote = request.remoteAddress();
    return remote == null ? "" : String.valueOf(remote.hostAddress());
  }

  /// A proxy may add a line of its own behind the client's.
  private static @Nullable String forwardedFor(HttpServerRequest request) {
    var lines = request.headers().getAll("X-Forwarded-For");
    return lines.isEmpty() ? null : String.join(",", lines);
  }

  private static List<String> segments(@Nullable String path) {
    if (path == null || !path.startsWith("/")) {
      return List.of();
    }
    var segments = new ArrayList<String>();
    try {
      for (var segment : path.substring(1).split("/", -1)) {
        // In a path a plus sign is one.
        segments.add(QueryStringDecoder.decodeComponent(segment.replace("+", "%2B")));
      }
    } catch (IllegalArgumentException e) {
      return List.of();
    }
    return segments;
  }
}
