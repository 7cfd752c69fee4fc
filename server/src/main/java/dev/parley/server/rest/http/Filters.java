package dev.parley.server.rest.http;

import dev.parley.protocol.ErrorCode;
import dev.parley.server.base.Ids;
import dev.parley.server.base.Refusal;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What is checked or added before a request reaches its route.
final class Filters {
  private static final Pattern REQUEST_ID = Pattern.compile("[A-Za-z0-9._-]{1,64}");
  private static final String BEARER = "bearer ";
  private static final int PATH_LENGTH = 4096;

  private final Ids ids;
  private final Set<String> allowedOrigins;

  Filters(Ids ids, Set<String> allowedOrigins) {
    this.ids = ids;
    this.allowedOrigins = allowedOrigins;
  }

  /// The client's X-Request-Id if it is harmless, else a new one.
  String requestId(HttpServerRequest request) {
    var given = request.getHeader("X-Request-Id");
    return given != null && REQUEST_ID.matcher(given).matches() ? given : ids.uuid().toString();
  }

  /// Headers that every answer carries.
  static void secure(HttpServerRequest request, String requestId, boolean tls) {
    var headers = request.response().headers();
    headers.set("X-Request-Id", requestId);
    headers.set("X-Content-Type-Options", "nosniff");
    headers.set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
    headers.set("Referrer-Policy", "no-referrer");
    headers.set("Cross-Origin-Opener-Policy", "same-origin");
    if (tls) {
      headers.set("Strict-Transport-Security", "max-age=31536000");
    }
  }

  /// Lets pages of allowed origins read the answer. Tokens travel in a header that the page sets
  /// itself, never in cookies, so credentials are never allowed.
  void cors(HttpServerRequest request) {
    var origin = request.getHeader("Origin");
    if (origin == null) {
      return;
    }
    var headers = request.response().headers();
    boolean open = allowedOrigins.contains("*");
    if (open || allowedOrigins.contains(origin)) {
      headers.set("Access-Control-Allow-Origin", open ? "*" : origin);
      headers.set(
          "Access-Control-Expose-Headers",
          "X-Request-Id, Retry-After, Location, Content-Disposition");
    }
    if (!open) {
      headers.set("Vary", "Origin");
    }
  }

  /// Answers the question of a browser whether it may send a request; adds nothing for origins that
  /// may not.
  static void preflight(HttpServerRequest request, String allow) {
    var headers = request.response().headers();
    if (headers.contains("Access-Control-Allow-Origin")) {
      headers.set("Access-Control-Allow-Methods", allow);
      headers.set(
          "Access-Control-Allow-Headers",
          "Authorization, Content-Type, Idempotency-Key, Last-Event-ID, X-Request-Id, X-User-ID");
      headers.set("Access-Control-Max-Age", "600");
    }
  }

  /// The decoded segments of the path.
  ///
  /// @throws dev.parley.server.base.RefusedException bad_request for broken percent-encoding
  static List<String> segments(HttpServerRequest request) {
    var path = request.path();
    if (path == null || path.length() > PATH_LENGTH || !path.startsWith("/")) {
      throw Refusal.badRequest("the path is malformed");
    }
    return RouteTable.segments(path).stream()
        .map(segment -> decode(segment.replace("+", "%2B")))
        .toList();
  }

  /// The token of the Authorization header, or of the query where the dialect allows that.
  static Optional<String> token(HttpServerRequest request, boolean inQuery) {
    var header = request.getHeader("Authorization");
    if (header != null && header.toLowerCase(Locale.ROOT).startsWith(BEARER)) {
      return Optional.of(header.substring(BEARER.length()).strip());
    }
    if (!inQuery) {
      return Optional.empty();
    }
    var query = query(request);
    return Optional.ofNullable(query.getOrDefault("token", query.get("access_token")));
  }

  /// The decoded query parameters; of a repeated one the first.
  static Map<String, String> query(HttpServerRequest request) {
    var map = new HashMap<String, String>();
    var query = request.query();
    if (query != null) {
      for (var pair : query.split("&", -1)) {
        int equals = pair.indexOf('=');
        var name = decode(equals < 0 ? pair : pair.substring(0, equals));
        map.putIfAbsent(name, equals < 0 ? "" : decode(pair.substring(equals + 1)));
      }
    }
    return map;
  }

  /// The headers with names in lower case; of a repeated one the first.
  static Map<String, String> headers(MultiMap headers) {
    var map = new HashMap<String, String>();
    headers.forEach((name, value) -> map.putIfAbsent(name.toLowerCase(Locale.ROOT), value));
    return map;
  }

  /// Refuses bodies that the route cannot take, from the head alone.
  static void checkBodyHead(HttpServerRequest request, Route route) {
    checkEncoding(request);
    if (route.doc().takes().isPresent() && !isJson(request.getHeader("Content-Type"), route)) {
      throw new HttpException(ErrorCode.BAD_REQUEST, 415, "the body must be application/json");
    }
    var length = request.getHeader("Content-Length");
    if (length != null && Long.parseLong(length) > route.dialect().bodyBytes()) {
      throw tooLarge(route);
    }
  }

  /// Refuses bodies that would have to be unpacked.
  static void checkEncoding(HttpServerRequest request) {
    if (request.getHeader("Content-Encoding") != null) {
      throw new HttpException(
          ErrorCode.BAD_REQUEST, 415, "send the body without a content encoding");
    }
  }

  /// Why the parser gave up.
  static HttpException malformed(HttpServerRequest request) {
    return switch (request.decoderResult().cause()) {
      case TooLongHttpLineException _ ->
          new HttpException(ErrorCode.TOO_LARGE, 414, "the request line is too long");
      case TooLongHttpHeaderException _ ->
          new HttpException(ErrorCode.TOO_LARGE, 431, "the headers are too long");
      case null, default ->
          new HttpException(ErrorCode.BAD_REQUEST, 400, "this is no HTTP request");
    };
  }

  static RuntimeException tooLarge(Route route) {
    return Refusal.tooLarge("the body has at most " + route.dialect().bodyBytes() + " bytes");
  }

  /// `text/plain` would let a foreign page post without asking (CSRF); native routes want JSON to
  /// be called JSON, or nothing at all.
  private static boolean isJson(@Nullable String type, Route route) {
    if (type == null || !route.dialect().strict()) {
      return true;
    }
    var parts = type.toLowerCase(Locale.ROOT).split(";", 2);
    var media = parts[0].strip();
    boolean utf8 = parts.length < 2 || !parts[1].contains("charset") || parts[1].contains("utf-8");
    return utf8
        && (media.equals("application/json")
            || (media.startsWith("application/") && media.endsWith("+json")));
  }

  private static String decode(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw Refusal.badRequest("the percent-encoding is broken");
    }
  }
}
