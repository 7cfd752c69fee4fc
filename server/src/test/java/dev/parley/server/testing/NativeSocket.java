package dev.parley.server.testing;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A native client that does nothing by itself: sends what it is told and shows every frame.
public final class NativeSocket implements AutoCloseable, WebSocket.Listener {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final long PATIENCE_SECONDS = 20;
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final BlockingQueue<JsonNode> frames = new LinkedBlockingQueue<>();
  private final CompletableFuture<Integer> closed = new CompletableFuture<>();
  private final StringBuilder partial = new StringBuilder();
  private WebSocket socket;
  private volatile boolean paused;

  private NativeSocket() {}

  /// A native socket at an address.
  public static NativeSocket open(URI uri) {
    var client = new NativeSocket();
    client.socket =
        HTTP.newWebSocketBuilder().subprotocols("parley.v1").buildAsync(uri, client).join();
    return client;
  }

  /// Says hello without cursors.
  public NativeSocket hello() {
    return hello(Map.of());
  }

  /// Says hello with fields of the command.
  public NativeSocket hello(Map<String, Object> fields) {
    var command = new java.util.LinkedHashMap<String, Object>(Map.of("type", "hello", "id", 1));
    command.putAll(fields);
    send(command);
    return this;
  }

  public void send(Map<String, Object> command) {
    sendText(JSON.writeValueAsString(command));
  }

  public void sendText(String text) {
    socket.sendText(text, true).join();
  }

  /// Waits for the next frame.
  public JsonNode next() {
    try {
      var frame = frames.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
      if (frame == null) {
        throw new AssertionError("no frame came; closed: " + closed.getNow(0));
      }
      return frame;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /// Waits for a frame of a type, skipping others.
  public JsonNode next(String type) {
    return next(frame -> frame.get("type").asString().equals(type));
  }

  /// Waits for a frame that fits, skipping others.
  public JsonNode next(Predicate<JsonNode> fits) {
    while (true) {
      var frame = next();
      if (fits.test(frame)) {
        return frame;
      }
    }
  }

  /// All frames up to and including the first of a type.
  public List<JsonNode> until(String type) {
    var all = new ArrayList<JsonNode>();
    do {
      all.add(next());
    } while (!all.getLast().get("type").asString().equals(type));
    return all;
  }

  /// Frames that have come and were not looked at.
  public List<JsonNode> rest() {
    var all = new ArrayList<JsonNode>();
    frames.drainTo(all);
    return all;
  }

  /// Stops reading from the socket, as a client that hangs does.
  public void stopReading() {
    paused = true;
  }

  /// Reads again.
  public void readAgain() {
    paused = false;
    socket.request(1);
  }

  /// Whether the server has not ended it.
  public boolean isOpen() {
    return !closed.isDone();
  }

  /// Waits for the end and its code.
  public int closeCode() {
    return closed.orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
  }

  @Override
  public void close() {
    socket.abort();
  }

  @Override
  public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
    partial.append(data);
    if (last) {
      partial.toString().lines().map(JSON::readTree).forEach(frames::add);
      partial.setLength(0);
    }
    if (!paused) {
      webSocket.request(1);
    }
    return null;
  }

  @Override
  public CompletionStage<?> onClose(WebSocket webSocket, int statusCode, String reason) {
    closed.complete(statusCode);
    return null;
  }

  @Override
  public void onError(WebSocket webSocket, Throwable error) {
    closed.complete(1006);
  }
}
