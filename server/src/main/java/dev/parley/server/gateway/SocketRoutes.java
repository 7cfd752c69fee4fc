package dev.parley.server.gateway;

import dev.parley.protocol.ErrorCode;
import dev.parley.server.base.OutageException;
import dev.parley.server.base.Refusal;
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

/// All paths at which sockets are opened, and the way from the HTTP request to the open socket.
public final class SocketRoutes {
  private static final Logger LOG = LoggerFactory.getLogger(SocketRoutes.class);

  /// Handshakes that are being decided at once; beyond: 503.
  private static final int UNDECIDED = 2_000;

  private final Gateway gateway;
  private final Handover handover;
  private final TrustedProxies proxies;
  private final RateLimiter limiter;
  private final List<Entry> entries = new ArrayList<>();
  private final Semaphore undecided = new Semaphore(UNDECIDED);

  public SocketRoutes(
      Gateway gateway, Handover handover, TrustedProxies proxies, RateLimiter limiter) {
    this.gateway = gateway;
    this.handover = handover;
    this.proxies = proxies;
    this.limiter = limiter;
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
    var described = Handover.describe(request);
    var judged = match.get().entry().handshake().judge(described);
    var call = call(request, match.get().path(), judged instanceof Handshake.Accepted);
    var upgrade = handover.take(request);
    if (gateway.isDraining() || !undecided.tryAcquire()) {
      upgrade.refuse(
          503,
          "Service Unavailable",
          Map.of("Retry-After", "1"),
          "text/plain",
          "try again in a moment\n");
      return true;
    }
    gateway.executor().execute(() -> decide(match.get().entry().route(), call, judged, upgrade));
    return true;
  }

  private Optional<Match> find(String path) {
    var segments = segments(path);
    for (var entry : entries) {
      var values = entry.match(segments);
      if (values.isPresent()) {
        return Optional.of(new Match(entry, values.get()));
      }
    }
    return Optional.empty();
  }

  private void decide(
      SocketRoute route, SocketCall call, Handshake.Outcome judged, Handover.Upgrade upgrade) {
    try {
      limiter.acquire(RateLimit.CONNECTS, call.client().key());
      answer(route.opener().open(call), judged, upgrade);
    } catch (RefusedException e) {
      refuse(upgrade, e.refusal());
    } catch (OutageException e) {
      problem(upgrade, ErrorCode.UNAVAILABLE, "the database is away", null);
    } catch (RuntimeException e) {
      LOG.error("a handshake failed", e);
      problem(upgrade, ErrorCode.INTERNAL, "something went wrong on our side", null);
    } finally {
      undecided.release();
    }
  }

  private void answer(
      SocketRoute.Decision decision, Handshake.Outcome judged, Handover.Upgrade upgrade) {
    switch (decision) {
      case Refuse(var status, var type, var body) ->
          upgrade.refuse(status, "Refused", Map.of(), type, body);
      case Accept accept ->
          open(
              accept.rules(),
              socket -> gateway.open(socket, accept.principal(), accept.session()),
              judged,
              upgrade);
      case AcceptRaw(var rules, var owner) -> open(rules, owner, judged, upgrade);
    }
  }

  private static void open(
      SocketRules rules,
      Function<WebSocket, WebSocketListener> owner,
      Handshake.Outcome judged,
      Handover.Upgrade upgrade) {
    switch (judged) {
      case Handshake.Accepted accepted -> upgrade.accept(accepted, rules, owner);
      case Handshake.Refused refused -> upgrade.refuse(refused);
    }
  }

  private static void refuse(Handover.Upgrade upgrade, Refusal refusal) {
    var failure = Failures.of(0, refusal);
    problem(upgrade, failure.code(), refusal.message(), failure.retryAfterMs());
  }

  /// The words come from us, so they hold nothing that JSON must escape.
  private static void problem(
      Handover.Upgrade upgrade, ErrorCode code, String detail, @Nullable Long retryAfterMs) {
    var headers =
        retryAfterMs == null
            ? Map.<String, String>of()
            : Map.of("Retry-After", Long.toString((retryAfterMs + 999) / 1_000));
    upgrade.refuse(
        code.httpStatus(),
        code.wireName(),
        headers,
        "application/problem+json",
        "{\"title\":\"%s\",\"status\":%d,\"code\":\"%s\",\"detail\":\"%s\"}"
            .formatted(code.advice(), code.httpStatus(), code.wireName(), detail));
  }

  private SocketCall call(HttpServerRequest request, Map<String, String> path, boolean upgrade) {
    var query = new HashMap<String, String>();
    request.params().forEach(entry -> query.putIfAbsent(entry.getKey(), entry.getValue()));
    var protocols = new ArrayList<String>();
    for (var value : request.headers().getAll("Sec-WebSocket-Protocol")) {
      for (var name : value.split(",", -1)) {
        protocols.add(name.strip());
      }
    }
    var remote = request.remoteAddress();
    var peer = remote == null ? "" : String.valueOf(remote.hostAddress());
    return new SocketCall(
        path,
        query,
        protocols,
        Optional.ofNullable(request.getHeader("Authorization")),
        TrustedProxies.limited(proxies.of(peer, request.getHeader("X-Forwarded-For"))),
        upgrade);
  }

  private static List<String> segments(String path) {
    var raw = path.isEmpty() ? "" : path.substring(1);
    var segments = new ArrayList<String>();
    for (var segment : raw.split("/", -1)) {
      segments.add(QueryStringDecoder.decodeComponent(segment));
    }
    return segments;
  }
}
