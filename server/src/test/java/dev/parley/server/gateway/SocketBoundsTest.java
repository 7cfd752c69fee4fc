package dev.parley.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.server.gateway.websocket.ClientFrames;
import dev.parley.server.gateway.websocket.RawWebSocket;
import dev.parley.server.testing.Person;
import dev.parley.server.testing.PostgresExtension;
import dev.parley.server.testing.TestDatabase;
import dev.parley.server.testing.TestServer;
import io.netty.buffer.PooledByteBufAllocator;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.Deflater;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/// What one socket can cost the node, through the front door.
@ExtendWith(PostgresExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class SocketBoundsTest {
  private static final long MEBIBYTE = 1 << 20;
  private static final int BOMBS = 200;

  private TestServer server;
  private Person ann;

  @BeforeAll
  void start(TestDatabase database) {
    server = TestServer.start(database, Map.of());
    ann = Person.signUp(server, "boundsann");
  }

  @AfterAll
  void stop() {
    server.close();
  }

  @Test
  void answersWaitUntilTheClientReads() {
    var room = ann.room(ann.organization("Acme"), "large");
    try (var socket = ann.connect().hello()) {
      socket.next("live");
      for (int i = 1; i <= 30; i++) {
        socket.send(message(i, room, "x".repeat(8_000)));
        socket.next("ok");
      }
      var pull = "{\"type\":\"pull\",\"id\":7,\"room_id\":\"" + room + "\",\"after\":0}";
      var pulls = IntStream.range(0, 200).mapToObj(i -> pull).collect(Collectors.joining("\n"));
      long before = direct();
      socket.stopReading();
      socket.sendText(pulls);
      await()
          .during(Duration.ofMillis(1_500))
          .atMost(Duration.ofSeconds(5))
          .until(() -> direct() - before < 16 * MEBIBYTE);
      socket.readAgain();
      for (int i = 0; i < 200; i++) {
        socket.next(f -> f.get("type").asString().equals("ok") && f.get("id").asLong() == 7);
      }
    }
  }

  @Test
  void aFrameHoldsNoMoreThanAThousandCommands() {
    try (var socket = ann.connect().hello()) {
      socket.next("live");
      socket.sendText("{}\n".repeat(1_001));
      assertThat(socket.closeCode()).isEqualTo(1008);
    }
  }

  @Test
  void whatFollowsABadLineIsNotRun() {
    try (var socket = ann.connect().hello()) {
      socket.next("live");
      socket.sendText("[]\n{\"type\":\"auth\",\"id\":9,\"token\":\"x\"}");
      assertThat(socket.closeCode()).isEqualTo(4400);
      assertThat(socket.rest()).isEmpty();
    }
  }

  /// All of it is there before the server has found out who it is.
  @Test
  void whatFollowsTheHelloInOneBreathIsAnsweredToTheLast() throws IOException {
    var bea = Person.signUp(server, "boundsbea");
    var room = bea.room(bea.organization("Breath"), "breath");
    var frames =
        new ClientFrames().text("{\"type\":\"hello\",\"id\":1,\"token\":\"" + bea.token() + "\"}");
    int count = 600;
    for (int i = 1; i <= count; i++) {
      frames.text(
          "{\"type\":\"read\",\"id\":%d,\"room_id\":\"%s\",\"message_id\":1}"
              .formatted(100 + i, room));
    }
    try (var socket = new RawWebSocket(server.http().getPort())) {
      socket.send(RawWebSocket.request("/ws", "Sec-WebSocket-Protocol: parley.v1"));
      assertThat(socket.head()).startsWith("HTTP/1.1 101 ");
      socket.send(frames);
      var last = "\"id\":" + (100 + count);
      while (!socket.frame().contains(last)) {
        // Those before it.
      }
    }
  }

  @Test
  void compressedFramesOfAStrangerAreNotPiledUp() throws IOException {
    var bombs = new ClientFrames();
    byte[] bomb = deflated(" ".repeat(64_000));
    IntStream.range(0, BOMBS).forEach(i -> bombs.frame(0xC1, bomb));
    try (var socket = new RawWebSocket(server.http().getPort())) {
      socket.send(
          RawWebSocket.request(
              "/ws",
              "Sec-WebSocket-Protocol: parley.v1",
              "Sec-WebSocket-Extensions: permessage-deflate"));
      assertThat(socket.head()).startsWith("HTTP/1.1 101 ");
      socket.send(bombs);
      assertThat(socket.frame()).startsWith("88 1013");
    }
  }

  @Test
  void aTokenOfSomebodyElseEndsTheConnection() {
    var eve = Person.signUp(server, "boundseve");
    try (var socket = ann.connect().hello(Map.of("token", eve.token()))) {
      assertThat(socket.next("error").get("code").asString()).isEqualTo("forbidden");
      assertThat(socket.closeCode()).isEqualTo(4403);
    }
  }

  /// Bytes that the server's sockets hold outside of the heap.
  private static long direct() {
    return PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory();
  }

  private static byte[] deflated(String text) {
    var deflater = new Deflater(9, true);
    deflater.setInput(text.getBytes(StandardCharsets.UTF_8));
    byte[] out = new byte[text.length()];
    int length = deflater.deflate(out, 0, out.length, Deflater.SYNC_FLUSH);
    deflater.end();
    return Arrays.copyOf(out, length - 4);
  }

  private static Map<String, Object> message(long id, String room, String content) {
    return Map.of(
        "type",
        "message",
        "id",
        id,
        "room_id",
        room,
        "op",
        UUID.randomUUID().toString(),
        "content",
        content);
  }
}
