package dev.parley.bench.remind;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Instant;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/// A native socket of one person that hears of due tasks and nothing else.
final class Listener implements WebSocket.Listener {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Arrivals arrivals;
  private final StringBuilder partial = new StringBuilder();

  private Listener(Arrivals arrivals) {
    this.arrivals = arrivals;
  }

  /// Opens the socket and says hello.
  static void open(HttpClient http, URI server, String token, Arrivals arrivals) {
    var address = "ws" + server.toString().substring("http".length()) + "/ws?token=" + token;
    var socket =
        http.newWebSocketBuilder()
            .subprotocols("parley.v1")
            .buildAsync(URI.create(address), new Listener(arrivals))
            .join();
    socket.sendText("{\"type\":\"hello\",\"id\":1}", true).join();
  }

  @Override
  public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
    var now = Instant.now();
    partial.append(data);
    if (last) {
      partial.toString().lines().forEach(line -> take(socket, line, now));
      partial.setLength(0);
    }
    socket.request(1);
    return null;
  }

  private void take(WebSocket socket, String line, Instant now) {
    var frame = JSON.readTree(line);
    switch (frame.get("type").asString()) {
      case "task_due" ->
          arrivals.add(
              frame.get("task_id").asString(),
              Instant.parse(frame.get("due_date").asString()),
              now);
      case "ping" -> {
        var _ = socket.sendText("{\"type\":\"pong\"}", true);
      }
      default -> {
        // Of no interest here.
      }
    }
  }
}
