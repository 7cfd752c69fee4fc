package dev.parley.server.rest.http;

import dev.parley.protocol.ErrorCode;
import dev.parley.server.base.Metric;
import dev.parley.server.base.Refusal;
import dev.parley.server.base.RefusedException;
import dev.parley.server.base.Telemetry;
import dev.parley.server.base.Ticker;
import dev.parley.server.domain.limit.TrustedProxies;
import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.io.InputStream;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/// Takes each request from the event loop through the filters to its route, which runs on a virtual
/// thread, and the answer back to the event loop.
public final class FrontDoor implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 10;
  private static final Dialect NATIVE = Dialect.ofNative("");

  private final Vertx vertx;
  private final HttpConfig config;
  private final RouteTable routes;
  private final Guards guards;
  private final Ticker ticker;
  private final Downloads downloads;
  private final Filters filters;
  private final TrustedProxies clients;
  private final AccessLog log;
  private final ErrorMapper errors;
  private final Json json = new Json();
  private final Telemetry.Counter shed;
  private final AtomicInteger running = new AtomicInteger();
  private final Set<Thread> streams = ConcurrentHashMap.newKeySet();
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("rest-", 0).factory());

  public FrontDoor(
      Vertx vertx, HttpConfig config, Api api, Guards guards, Surroundings surroundings) {
    this.vertx = vertx;
    this.config = config;
    this.routes = new RouteTable(api.routes());
    this.guards = guards;
    this.ticker = surroundings.ticker();
    this.downloads = new Downloads(surroundings.telemetry());
    this.filters = new Filters(surroundings.ids(), config.allowedOrigins());
    this.clients = new TrustedProxies(config.trustedProxy());
    this.log = new AccessLog(surroundings.telemetry(), surroundings.ticker());
    this.errors = new ErrorMapper(surroundings.telemetry());
    this.shed = surroundings.telemetry().counter(Metric.HTTP_SHED);
    surroundings.telemetry().gauge(Metric.HTTP_RUNNING, running::get);
  }

  /// The handler for one listener; its name reaches the routes as [Call#listener].
  public Handler<HttpServerRequest> on(String listener) {
    return request -> take(request, listener);
  }

  /// The handler for what is no HTTP, or has too long a head; the connection is closed afterwards.
  public Handler<HttpServerRequest> onMalformed() {
    return request -> {
      var exchange = begin(request);
      exchange.bodyRead();
      fail(exchange, NATIVE, Filters.malformed(request));
      request.connection().close();
    };
  }

  /// Ends the streams, and waits ten seconds for the requests that are being handled; whoever then
  /// still waits for the database is interrupted.
  @Override
  public void close() {
    streams.forEach(Thread::interrupt);
    downloads.close();
    threads.shutdown();
    try {
      if (!threads.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        threads.shutdownNow();
        var _ = threads.awaitTermination(2, TimeUnit.SECONDS);
      }
    } catch (InterruptedException e) {
      threads.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }

  private void take(HttpServerRequest request, String listener) {
    var exchange = begin(request);
    try {
      route(exchange, listener);
    } catch (RuntimeException e) {
      fail(exchange, NATIVE, e);
    }
  }

  private Exchange begin(HttpServerRequest request) {
    var id = filters.requestId(request);
    var ip = clients.of(peer(request), forwardedFor(request));
    Filters.secure(request, id, isSecure(request));
    return new Exchange(vertx, request, new AccessLog.Origin(id, ip, log.start()), log);
  }

  private void route(Exchange exchange, String listener) {
    var request = exchange.request();
    checkHost(request);
    var place = routes.find(Filters.segments(request)).orElse(null);
    if (place == null) {
      filters.cors(request);
      throw Refusal.notFound("there is nothing at this path");
    }
    filters.cors(request);
    var method = request.method().name();
    if (method.equals("OPTIONS")) {
      options(exchange, place);
      return;
    }
    var verb = Verb.of(method).orElse(null);
    var match =
        verb == null
            ? null
            : place.match(verb, Filters.token(request, false).isPresent()).orElse(null);
    if (match == null) {
      request.response().headers().set("Allow", allow(place));
      fail(
          exchange,
          place.dialect(),
          new HttpException(ErrorCode.BAD_REQUEST, 405, "this path knows only " + allow(place)));
      return;
    }
    exchange.operation(match.route().operation());
    enter(exchange, match, listener);
  }

  private void enter(Exchange exchange, RouteTable.Match match, String listener) {
    var route = match.route();
    try {
      if (route.doc().upload()) {
        Filters.checkEncoding(exchange.request());
        receive(exchange, match, listener);
      } else if (route.verb().takesBody()) {
        Filters.checkBodyHead(exchange.request(), route);
        readBody(exchange, match, listener);
      } else {
        exchange.bodyRead();
        run(exchange, call(exchange, match, listener, new byte[0], Optional.empty()));
      }
    } catch (RuntimeException e) {
      fail(exchange, route.dialect(), e);
    }
  }

  /// The route runs at once and reads the body as it arrives.
  private void receive(Exchange exchange, RouteTable.Match match, String listener) {
    var body =
        BodyStream.of(exchange, Objects.requireNonNull(Vertx.currentContext()), config, ticker);
    run(exchange, call(exchange, match, listener, new byte[0], Optional.of(body)));
  }

  private void readBody(Exchange exchange, RouteTable.Match match, String listener) {
    var request = exchange.request();
    var dialect = match.route().dialect();
    var body = Buffer.buffer();
    long timer =
        vertx.setTimer(config.bodyTimeout().toMillis(), _ -> fail(exchange, dialect, tooSlow()));
    request.exceptionHandler(_ -> vertx.cancelTimer(timer));
    request.handler(
        chunk -> {
          if (body.length() + chunk.length() > dialect.bodyBytes()) {
            vertx.cancelTimer(timer);
            fail(exchange, dialect, Filters.tooLarge(match.route()));
          } else if (!exchange.isAnswered()) {
            body.appendBuffer(chunk);
          }
        });
    request.endHandler(
        _ -> {
          vertx.cancelTimer(timer);
          exchange.bodyRead();
          enterWithBody(exchange, match, listener, body.getBytes());
        });
  }

  private void enterWithBody(
      Exchange exchange, RouteTable.Match match, String listener, byte[] body) {
    try {
      run(exchange, call(exchange, match, listener, body, Optional.empty()));
    } catch (RuntimeException e) {
      fail(exchange, match.route().dialect(), e);
    }
  }

  private Call call(
      Exchange exchange,
      RouteTable.Match match,
      String listener,
      byte[] body,
      Optional<InputStream> stream) {
    var request = exchange.request();
    var route = match.route();
    return new Call(
        route,
        new Call.Request(
            exchange.origin().requestId(),
            exchange.origin().clientIp(),
            listener,
            Filters.token(request, route.dialect().tokenInQuery()),
            Filters.query(request),
            Filters.headers(request.headers()),
            body,
            stream),
        match.parameters(),
        guards.authenticator(),
        json);
  }

  private void run(Exchange exchange, Call call) {
    if (exchange.isAnswered()) {
      return;
    }
    boolean limited = !call.route().dialect().unlimited();
    if (running.incrementAndGet() > config.running() && limited) {
      running.decrementAndGet();
      shed.increment();
      throw new RefusedException(new Refusal.Busy("too many requests are being handled"));
    }
    var loop = Objects.requireNonNull(Vertx.currentContext());
    threads.execute(() -> runOnThread(exchange, call, loop));
  }

  private void runOnThread(Exchange exchange, Call call, Context loop) {
    MDC.put("request_id", call.requestId());
    try {
      guards.throttle().admit(call);
      var answer = call.route().action().answer(call);
      if (answer.body() instanceof Answer.Body.Events(var events)) {
        stream(exchange, answer, events, loop);
        return;
      }
      if (answer.body() instanceof Answer.Body.Stream bytes) {
        downloads.start(exchange, answer, bytes, loop);
        return;
      }
      var body = render(answer);
      loop.runOnContext(_ -> exchange.answer(answer.status(), answer.headers(), body));
    } catch (Throwable e) {
      // Everything is caught, because a client must not wait for ever for the answer of a defect.
      var problem = errors.map(e, call.requestId());
      loop.runOnContext(_ -> fail(exchange, call.route().dialect(), problem));
    } finally {
      MDC.remove("request_id");
      running.decrementAndGet();
    }
  }

  /// Hands the thread over to the stream; it counts no longer as a request that is being handled.
  private void stream(Exchange exchange, Answer answer, EventStream events, Context loop) {
    var thread =
        Thread.ofVirtual().name("stream-", 0).unstarted(() -> pump(exchange, events, loop));
    loop.runOnContext(
        _ -> {
          if (exchange.begin(answer.headers(), thread::interrupt)) {
            streams.add(thread);
            thread.start();
          }
        });
  }

  private void pump(Exchange exchange, EventStream events, Context loop) {
    var sink = new SseSink(exchange.request().response(), loop);
    try {
      events.run(sink);
    } catch (InterruptedException e) {
      // The client went, or the server stops.
    } catch (RuntimeException e) {
      errors.map(e, exchange.origin().requestId());
    } finally {
      streams.remove(Thread.currentThread());
      loop.runOnContext(_ -> exchange.finish(sink.isCut()));
    }
  }

  private void fail(Exchange exchange, Dialect dialect, Throwable thrown) {
    fail(exchange, dialect, errors.map(thrown, exchange.origin().requestId()));
  }

  private void fail(Exchange exchange, Dialect dialect, Problem problem) {
    var answer = dialect.errors().apply(problem).with("Retry-After", problem.retryAfterSeconds());
    if (problem.status() == 401) {
      answer = answer.with("WWW-Authenticate", "Bearer");
    }
    exchange.answer(problem.status(), answer.headers(), render(answer));
  }

  private Exchange.Rendered render(Answer answer) {
    return switch (answer.body()) {
      case Answer.Body.Empty(), Answer.Body.Events(_), Answer.Body.Stream(_, _, _) ->
          Exchange.Rendered.NOTHING;
      case Answer.Body.Bytes(var type, var bytes) -> new Exchange.Rendered(type, bytes);
      case Answer.Body.Value(var value) ->
          new Exchange.Rendered("application/json", json.write(value));
    };
  }

  private static void options(Exchange exchange, RouteTable.Place place) {
    exchange.bodyRead();
    Filters.preflight(exchange.request(), allow(place));
    exchange.answer(204, Map.of("Allow", allow(place)), Exchange.Rendered.NOTHING);
  }

  private static String allow(RouteTable.Place place) {
    var verbs = place.verbs().stream().map(Enum::name).collect(Collectors.joining(", "));
    return (place.verbs().contains(Verb.GET) ? "HEAD, " : "") + verbs + ", OPTIONS";
  }

  /// RFC 9112, section 3.2: exactly one Host, or two parties disagree about whom is meant.
  private static void checkHost(HttpServerRequest request) {
    int hosts = request.headers().getAll("Host").size();
    if (hosts > 1 || (hosts == 0 && request.version() == HttpVersion.HTTP_1_1)) {
      throw Refusal.badRequest("exactly one Host header is required");
    }
  }

  private static HttpException tooSlow() {
    return new HttpException(ErrorCode.BAD_REQUEST, 408, "the body took too long to arrive");
  }

  /// Whether the client speaks TLS, with us or with a trusted proxy in front.
  private boolean isSecure(HttpServerRequest request) {
    return request.isSSL()
        || ("https".equalsIgnoreCase(request.getHeader("X-Forwarded-Proto"))
            && clients.trusts(peer(request)));
  }

  /// All lines of the header as one list (RFC 9110, section 5.3): proxies that add a line of their
  /// own put it after the client's.
  private static @Nullable String forwardedFor(HttpServerRequest request) {
    var lines = request.headers().getAll("X-Forwarded-For");
    return lines.isEmpty() ? null : String.join(",", lines);
  }

  private static String peer(HttpServerRequest request) {
    var address = request.remoteAddress();
    var host = address == null ? null : address.hostAddress();
    return host == null ? "local" : host;
  }
}
