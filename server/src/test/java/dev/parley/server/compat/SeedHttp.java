package dev.parley.server.compat;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A client of a seed over HTTP, with or without a token.
public final class SeedHttp {
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final URI server;
  private final String token;

  public SeedHttp(URI server) {
    this(server, "");
  }

  private SeedHttp(URI server, String token) {
    this.server = server;
    this.token = token;
  }

  /// The same with a token.
  public SeedHttp with(String other) {
    return new SeedHttp(server, other);
  }

  public String token() {
    return token;
  }

  /// What came back.
  public record Reply(int status, String contentType, String body) {
    /// The body, after a look at the status.
    public JsonNode require(int expected) {
      if (status != expected) {
        throw new AssertionError("expected " + expected + ", got " + status + " " + body);
      }
      return json();
    }

    public JsonNode json() {
      return JSON.readTree(body);
    }

    /// The text of an error, after a look at its whole shape.
    public String error() {
      var json = json();
      if (!json.get("message").equals(json.get("error"))
          || json.get("code").asInt() != status
          || json.get("request_id").asString().isEmpty()) {
        throw new AssertionError("not the error shape: " + body);
      }
      return json.get("error").asString();
    }
  }

  public Reply get(String path) {
    return send(HttpRequest.newBuilder(server.resolve(path)));
  }

  /// The same with a token.
  public Reply get(String path, String token) {
    return send(
        HttpRequest.newBuilder(server.resolve(path)).header("Authorization", "Bearer " + token));
  }

  /// The same with a token.
  public Reply post(String path, String body, String token) {
    return send(
        HttpRequest.newBuilder(server.resolve(path))
            .header("Content-Type", "application/json")
            .header("Authorization", "Bearer " + token)
            .POST(BodyPublishers.ofString(body)));
  }

  public Reply post(String path, String body) {
    return send(
        HttpRequest.newBuilder(server.resolve(path))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body)));
  }

  public Reply put(String path, String body) {
    return send(
        HttpRequest.newBuilder(server.resolve(path))
            .header("Content-Type", "application/json")
            .PUT(BodyPublishers.ofString(body)));
  }

  public Reply delete(String path) {
    return send(HttpRequest.newBuilder(server.resolve(path)).DELETE());
  }

  /// A call with any method.
  public Reply call(String method, String path, String body) {
    return send(
        HttpRequest.newBuilder(server.resolve(path)).method(method, BodyPublishers.ofString(body)));
  }

  public static String escaped(String segment) {
    return URLEncoder.encode(segment, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private Reply send(HttpRequest.Builder request) {
    if (!token.isEmpty()) {
      request.header("Authorization", "Bearer " + token);
    }
    try {
      var response = HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
      return new Reply(
          response.statusCode(),
          response.headers().firstValue("Content-Type").orElse(""),
          response.body());
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
