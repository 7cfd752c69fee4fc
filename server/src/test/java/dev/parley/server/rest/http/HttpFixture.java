package dev.parley.server.rest.http;

import dev.parley.server.base.Ids;
import dev.parley.server.base.Telemetry;
import dev.parley.server.base.Ticker;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.concurrent.ExecutionException;

/// A real listener on a free loopback port, and a client for it.
public final class HttpFixture implements AutoCloseable {
  private final Vertx vertx = Vertx.vertx();
  private final FrontDoor door;
  private final HttpServer server;
  private final HttpClient client = HttpClient.newHttpClient();

  public HttpFixture(HttpConfig config, Api api, Guards guards, Telemetry telemetry) {
    var ids = new Ids(InstantSource.system(), new SecureRandom());
    door =
        new FrontDoor(vertx, config, api, guards, new Surroundings(ids, Ticker.SYSTEM, telemetry));
    server = listen();
  }

  public int port() {
    return server.actualPort();
  }

  public URI uri(String path) {
    return URI.create("http://127.0.0.1:" + port() + path);
  }

  public HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(uri(path));
  }

  public HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /// The same, with one character for each byte of the answer.
  public HttpResponse<String> sendLatin(HttpRequest.Builder request) {
    try {
      return client.send(
          request.build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.ISO_8859_1));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  public HttpResponse<String> get(String path) {
    return send(request(path));
  }

  public HttpResponse<String> post(String path, String json) {
    return send(
        request(path)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(json)));
  }

  /// What comes back for raw bytes, until the server closes, so let them say `Connection: close`.
  public String raw(String text) throws IOException {
    try (var socket = new Socket("127.0.0.1", port())) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Override
  public void close() {
    client.close();
    await(server.close());
    door.close();
    await(vertx.close());
  }

  private HttpServer listen() {
    var options = new HttpServerOptions().setHost("127.0.0.1").setPort(0);
    return await(
        vertx
            .createHttpServer(options)
            .invalidRequestHandler(door.onMalformed())
            .requestHandler(door.on("main"))
            .listen());
  }

  private static <T> T await(io.vertx.core.Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get();
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }
}
