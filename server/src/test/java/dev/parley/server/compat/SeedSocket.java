package dev.parley.server.compat;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A client of a seed: a plain WebSocket that keeps what it hears.
public final class SeedSocket implements AutoCloseable {
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final int PATIENCE_SECONDS = 60;
  private static final String END = "the end";

  private final LinkedBlockingQueue<String> heard = new LinkedBlockingQueue<>();
  private final CompletableFuture<Integer> closed = new CompletableFuture<>();
  private final LinkedBlockingQueue<String> pongs = new LinkedBlockingQueue<>();
  private final boolean eager;
  private final WebSocket socket;

  private SeedSocket(URI address, boolean eager, String... subprotocols) {
    this.eager = eager;
    var builder = HTTP.newWebSocketBuilder();
    if (subprotocols.length > 0) {
      builder.subprotocols(
          subprotocols[0], Arrays.copyOfRange(subprotocols, 1, subprotocols.length));
    }
    this.socket = get(builder.buildAsync(address, new Ear()));
  }

  public static SeedSocket open(URI address) {
    return new SeedSocket(address, true);
  }

  /// One that offers subprotocols, as a page does that hides a token among them.
  public static SeedSocket open(URI address, String... subprotocols) {
    return new SeedSocket(address, true, subprotocols);
  }

  /// One that reads nothing until [#read] is called.
  public static SeedSocket openDeaf(URI address) {
    return new SeedSocket(address, false);
  }

  public void say(String frame) {
    get(socket.sendText(frame, true));
  }

  /// Whether it could be said; not if the server has closed.
  public boolean trySay(String frame) {
    return !closed.isDone() && !socket.sendText(frame, true).isCompletedExceptionally();
  }

  public void sayBinary(String frame) {
    get(socket.sendBinary(ByteBuffer.wrap(frame.getBytes(StandardCharsets.UTF_8)), true));
  }

  public String ping(String payload) {
    get(socket.sendPing(ByteBuffer.wrap(payload.getBytes(StandardCharsets.UTF_8))));
    return poll(pongs);
  }

  public void read(long messages) {
    socket.request(messages);
  }

  /// The next frame as it came; fails at once if the server closed instead.
  public String next() {
    var frame = poll(heard);
    if (frame.equals(END)) {
      heard.add(END);
      throw new AssertionError("closed with " + closeCode() + " instead");
    }
    return frame;
  }

  public JsonNode nextJson() {
    return JSON.readTree(next());
  }

  /// The contents of the next frames.
  public List<String> contents(int count) {
    var contents = new ArrayList<String>(count);
    for (int i = 0; i < count; i++) {
      contents.add(nextJson().get("content").asString());
    }
    return contents;
  }

  /// Skips what comes before a content.
  public String upTo(String content) {
    var next = "";
    while (!next.equals(content)) {
      next = contents(1).getFirst();
    }
    return next;
  }

  /// Closes from our side and returns the code of the answer.
  public int close(int code) {
    get(socket.sendClose(code, ""));
    return closeCode();
  }

  /// The code with which the server closes.
  public int closeCode() {
    return get(closed);
  }

  @Override
  public void close() {
    socket.abort();
  }

  private static String poll(LinkedBlockingQueue<String> queue) {
    try {
      var text = queue.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
      assertThat(text).as("something heard").isNotNull();
      return text;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static <T> T get(CompletableFuture<T> future) {
    try {
      return future.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      throw new IllegalStateException(e);
    }
  }

  private final class Ear implements WebSocket.Listener {
    private final StringBuilder part = new StringBuilder();

    @Override
    public void onOpen(WebSocket opened) {
      if (eager) {
        opened.request(Long.MAX_VALUE);
      }
    }

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
      part.append(data);
      if (last) {
        heard.add(part.toString());
        part.setLength(0);
      }
      return CompletableFuture.completedStage(null);
    }

    @Override
    public CompletionStage<?> onPong(WebSocket from, ByteBuffer message) {
      pongs.add(StandardCharsets.UTF_8.decode(message).toString());
      return CompletableFuture.completedStage(null);
    }

    @Override
    public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
      closed.complete(code);
      heard.add(END);
      return CompletableFuture.completedStage(null);
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
      closed.complete(1006);
      heard.add(END);
    }
  }
}
