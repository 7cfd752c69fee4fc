package dev.parley.server.gateway;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.protocol.CloseCode;
import dev.parley.server.base.Ticker;
import dev.parley.server.gateway.websocket.ClientFrames;
import dev.parley.server.gateway.websocket.FrameEncoder;
import dev.parley.server.gateway.websocket.Handshake;
import dev.parley.server.gateway.websocket.RawWebSocket;
import dev.parley.server.gateway.websocket.SocketRules;
import dev.parley.server.gateway.websocket.WebSocket;
import dev.parley.server.gateway.websocket.WebSocketListener;
import dev.parley.server.gateway.websocket.WebSocketLoop;
import dev.parley.server.testing.TestCertificate;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.PfxOptions;
import io.vertx.core.net.impl.ConnectionBase;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.SocketFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A real HTTP server, real sockets: what a stranger's client sees on the way from HTTP to frames
/// and out again.
class HandoverTest {
  @TempDir static Path folder;

  /// Time is short: a second of the rules takes a quarter of one.
  private static final Ticker HASTY = () -> 4 * Ticker.SYSTEM.nanos();

  private static final SocketRules RULES =
      new SocketRules(
          SocketRules.DEFAULT.limits(),
          Duration.ofSeconds(54),
          Duration.ofSeconds(60),
          Duration.ofSeconds(2),
          Duration.ofSeconds(2),
          50);

  /// An HTTP server that hands `/ws` over and echoes; `/later` decides on another thread, `/no`
  /// refuses.
  abstract static class Server {
    final List<Integer> closed = new CopyOnWriteArrayList<>();
    final List<WebSocket> open = new CopyOnWriteArrayList<>();
    private final Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
    private final Map<EventLoop, WebSocketLoop> loops = new ConcurrentHashMap<>();
    private final Handshake handshake = new Handshake(Set.of("parley.v1"), true);
    private final Handover handover = new Handover(this::loop, Duration.ofSeconds(6));
    final List<Channel> channels = new CopyOnWriteArrayList<>();
    int port;

    abstract HttpServerOptions options();

    abstract SocketFactory sockets();

    private WebSocketLoop loop(EventLoop eventLoop) {
      return loops.computeIfAbsent(
          eventLoop, l -> new WebSocketLoop(l, PooledByteBufAllocator.DEFAULT, HASTY));
    }

    @BeforeAll
    void start() {
      HttpServer server =
          vertx.createHttpServer(
              options().setHost(InetAddress.getLoopbackAddress().getHostAddress()).setPort(0));
      server.connectionHandler(
          http -> {
            channels.add(((ConnectionBase) http).channel());
            handover.prepare(http);
          });
      port =
          server
              .requestHandler(this::handle)
              .listen()
              .toCompletionStage()
              .toCompletableFuture()
              .join()
              .actualPort();
    }

    @AfterAll
    void stop() {
      vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    private void handle(HttpServerRequest request) {
      if (request.path().equals("/plain")) {
        request.response().end("plain");
        return;
      }
      switch (handshake.judge(Handover.describe(request))) {
        case Handshake.Refused refused -> handover.take(request).refuse(refused);
        case Handshake.Accepted accepted ->
            decide(request.path(), handover.take(request), accepted);
      }
    }

    private void decide(String path, Handover.Upgrade upgrade, Handshake.Accepted accepted) {
      switch (path) {
        case "/no" -> upgrade.refuse(401, "Unauthorized", Map.of(), "text/plain", "Who are you?\n");
        case "/later" ->
            Thread.startVirtualThread(
                () -> {
                  await().pollDelay(Duration.ofMillis(50)).until(() -> true);
                  upgrade.accept(accepted, RULES, Echo::new);
                });
        case "/shut" ->
            upgrade.accept(
                accepted,
                RULES,
                socket -> {
                  socket.close(CloseCode.TRY_LATER, "full");
                  return new Echo(socket);
                });
        case "/broken" ->
            upgrade.accept(
                accepted,
                RULES,
                socket -> {
                  throw new IllegalStateException("told to");
                });
        default -> upgrade.accept(accepted, RULES, Echo::new);
      }
    }

    RawWebSocket connect() throws IOException {
      return new RawWebSocket(sockets(), port);
    }

    /// Echoes; obeys a few words.
    final class Echo implements WebSocketListener {
      private final WebSocket socket;

      Echo(WebSocket socket) {
        this.socket = socket;
        open.add(socket);
      }

      @Override
      public void text(ByteBuf message) {
        switch (message.toString(StandardCharsets.UTF_8)) {
          case "pause" -> {
            socket.reading(false);
            echo(message);
          }
          case "close" -> socket.close(CloseCode.AUTH, "go");
          case "fail" -> throw new IllegalStateException("told to");
          case "alarm" -> socket.alarm(Duration.ofSeconds(1));
          case "flood" -> flood();
          default -> echo(message);
        }
      }

      /// More than the kernel takes, flushed one by one and in pairs, and once not at all.
      private void flood() {
        for (int i = 0; i < 4000; i++) {
          ByteBuf frame =
              FrameEncoder.text(PooledByteBufAllocator.DEFAULT, i + " " + "x".repeat(i % 3000));
          socket.write(frame);
          frame.release();
          if (i % 3 != 0) {
            socket.flush();
          }
        }
        assertThat(socket.pendingBytes()).isPositive();
      }

      private void echo(ByteBuf message) {
        ByteBuf frame =
            socket.inflates(message.readableBytes())
                ? socket
                    .deflate()
                    .text(message)
                    .orElseGet(() -> FrameEncoder.text(message.alloc(), message))
                : FrameEncoder.text(message.alloc(), message);
        socket.write(frame);
        frame.release();
      }

      @Override
      public void binary(ByteBuf message) {
        ByteBuf frame = FrameEncoder.binary(message.alloc(), message);
        socket.write(frame);
        frame.release();
      }

      @Override
      public void readComplete() {
        socket.flush();
      }

      @Override
      public void alarm() {
        ByteBuf frame = FrameEncoder.text(UnpooledByteBufAllocator.DEFAULT, "alarm");
        socket.write(frame);
        frame.release();
        socket.flush();
      }

      @Override
      public void failed(Throwable cause) {
        assertThat(cause).hasMessage("told to");
      }

      @Override
      public void closed(int code) {
        closed.add(code);
        open.remove(socket);
      }
    }

    // ---- the tests, once per transport

    @Test
    void echoes() throws IOException {
      try (var client = connect()) {
        client.send(RawWebSocket.request("/ws", "Sec-WebSocket-Protocol: other, parley.v1"));
        assertThat(client.head())
            .contains("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n")
            .contains("Sec-WebSocket-Protocol: parley.v1\r\n");
        client.send(new ClientFrames().text("hello").ping("p").frame(0x82, (byte) 'b'));
        assertThat(client.frame()).isEqualTo("81 hello");
        assertThat(client.frame()).isEqualTo("8a p");
        assertThat(client.frame()).isEqualTo("82 b");
        client.send(new ClientFrames().close(1000, "bye"));
        assertThat(client.frame()).isEqualTo("88 1000 ");
        assertThat(client.atEnd()).isTrue();
      }
      await().untilAsserted(() -> assertThat(open).isEmpty());
      assertThat(closed).contains(1000);
    }

    @Test
    void losesNothingThatCameBeforeTheAnswer() throws IOException {
      byte[] early = new ClientFrames().text("early").text("bird").bytes();
      for (String path : List.of("/ws", "/later")) {
        try (var client = connect()) {
          client.send(RawWebSocket.request(path) + new String(early, StandardCharsets.ISO_8859_1));
          assertThat(client.head()).startsWith("HTTP/1.1 101 ");
          client.send(new ClientFrames().text("then"));
          assertThat(client.frame()).isEqualTo("81 early");
          assertThat(client.frame()).isEqualTo("81 bird");
          assertThat(client.frame()).isEqualTo("81 then");
        }
      }
    }

    @Test
    void whatCameBeforeTheAnswerMayStopTheReading() throws Exception {
      byte[] early = new ClientFrames().text("pause").bytes();
      try (var client = connect()) {
        client.send(RawWebSocket.request("/ws") + new String(early, StandardCharsets.ISO_8859_1));
        assertThat(client.head()).startsWith("HTTP/1.1 101 ");
        assertThat(client.frame()).isEqualTo("81 pause");
        var channel = channels.getLast();
        // Behind the task that opened it.
        assertThat(channel.eventLoop().submit(() -> channel.config().isAutoRead()).get()).isFalse();
        client.send(new ClientFrames().text("then"));
        channel.eventLoop().submit(() -> open.getLast().reading(true)).get();
        assertThat(client.frame()).isEqualTo("81 then");
      }
    }

    @Test
    void losesNothingThatCameWhileItDecides() throws IOException {
      try (var client = connect()) {
        client.send(RawWebSocket.request("/later"));
        client.send(new ClientFrames().text("meanwhile"));
        assertThat(client.head()).startsWith("HTTP/1.1 101 ");
        assertThat(client.frame()).isEqualTo("81 meanwhile");
      }
    }

    @Test
    void upgradesAConnectionThatSpokeHttpBefore() throws IOException {
      try (var client = connect()) {
        client.send("GET /plain HTTP/1.1\r\nHost: localhost\r\n\r\n");
        assertThat(client.head()).startsWith("HTTP/1.1 200 ");
        client.skip(5);
        client.open("/ws").send(new ClientFrames().text("hello"));
        assertThat(client.frame()).isEqualTo("81 hello");
      }
    }

    @Test
    void refusesAfterTaking() throws IOException {
      try (var client = connect()) {
        client.send(RawWebSocket.request("/no"));
        assertThat(client.head())
            .startsWith("HTTP/1.1 401 Unauthorized\r\n")
            .contains("Content-Length: 13\r\n");
        client.skip(13);
        assertThat(client.atEnd()).isTrue();
      }
    }

    @ParameterizedTest
    @CsvSource({
      "Sec-WebSocket-Key: x,400",
      "Sec-WebSocket-Protocol: a b,400",
      "Content-Length: 3,400",
      "Sec-WebSocket-Version: 8,426"
    })
    void refusesABadHandshake(String header, int status) throws IOException {
      try (var client = connect()) {
        client.send(RawWebSocket.request("/ws", header) + "abc");
        String head = client.head();
        assertThat(head).startsWith("HTTP/1.1 " + status + " ");
        assertThat(head.contains("\r\nSec-WebSocket-Version: 13\r\n")).isEqualTo(status == 426);
      }
    }

    @Test
    void refusesAnotherMethod() throws IOException {
      try (var client = connect()) {
        client.send(RawWebSocket.request("/ws").replace("GET", "POST"));
        assertThat(client.head()).startsWith("HTTP/1.1 405 ");
      }
    }

    @Test
    void answersAnErrorAndEnds() throws IOException {
      try (var client = connect().open("/ws")) {
        client.send(new ClientFrames().text("heard").raw(0x81, 0x01, 'a').text("never heard"));
        assertThat(client.frame()).isEqualTo("81 heard");
        assertThat(client.frame()).isEqualTo("88 1002 frame is not masked");
        assertThat(client.atEnd()).isTrue();
      }
    }

    @Test
    void closesFirstAndDropsWhatStillComes() throws IOException {
      try (var client = connect().open("/ws")) {
        client.send(new ClientFrames().text("close").text("dropped"));
        assertThat(client.frame()).isEqualTo("88 4401 go");
        client.send(new ClientFrames().text("dropped").close(4401, ""));
        assertThat(client.atEnd()).isTrue();
      }
      await().untilAsserted(() -> assertThat(closed).contains(4401));
    }

    @Test
    void doesNotWaitForAPeerThatNeverClosesBack() throws IOException {
      try (var client = connect().open("/ws")) {
        long began = System.nanoTime();
        client.send(new ClientFrames().text("close"));
        assertThat(client.frame()).isEqualTo("88 4401 go");
        assertThat(client.atEnd()).isTrue();
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(3));
      }
    }

    @Test
    void answersABugWith1011() throws IOException {
      try (var client = connect().open("/ws")) {
        client.send(new ClientFrames().text("fail"));
        assertThat(client.frame()).isEqualTo("88 1011 ");
      }
    }

    @Test
    void freesASocketThatIsHalfClosedOrReset() throws IOException {
      try (var half = connect().open("/ws");
          var reset = connect().open("/ws")) {
        if (sockets() == SocketFactory.getDefault()) {
          half.closeOutput();
          assertThat(half.atEnd()).isTrue();
        } else {
          half.close();
        }
        reset.send(new byte[] {(byte) 0x81, (byte) 0xFE, 0x01});
        reset.reset();
      }
      await().atMost(5, SECONDS).untilAsserted(() -> assertThat(open).isEmpty());
    }

    @Test
    void keepsTheOrderWhenTheKernelIsFull() throws IOException {
      try (var client = connect().open("/ws")) {
        client.send(new ClientFrames().text("flood").ping("between").text("after"));
        await().pollDelay(Duration.ofMillis(100)).until(() -> true);
        for (int i = 0; i < 4000; i++) {
          assertThat(client.frame()).isEqualTo("81 " + i + " " + "x".repeat(i % 3000));
        }
        String next = client.frame();
        assertThat(next.equals("8a between") ? client.frame() : next).isEqualTo("81 after");
      }
    }

    @Test
    void mayBeClosedByItsOwnerAtOnce() throws IOException {
      try (var shut = connect().open("/shut");
          var broken = connect().send(RawWebSocket.request("/broken"))) {
        assertThat(shut.frame()).isEqualTo("88 1013 full");
        assertThat(shut.atEnd()).isTrue();
        assertThat(broken.atEnd()).isTrue();
      }
    }

    @Test
    void doesNotWaitForARequestThatTricklesIn() throws IOException {
      try (var silent = connect();
          var trickling = connect();
          var second = connect()) {
        trickling.send("GET /ws HTTP/1.1\r\n");
        second.send("GET /plain HTTP/1.1\r\nHost: localhost\r\n\r\n");
        assertThat(second.head()).startsWith("HTTP/1.1 200 ");
        second.skip(5);
        second.send("GET /plain");
        for (int i = 0; i < 3; i++) {
          await().pollDelay(Duration.ofMillis(300)).until(() -> true);
          trickling.send("X");
        }
        assertThat(trickling.head()).startsWith("HTTP/1.1 408 ");
        assertThat(silent.atEnd()).isTrue();
        assertThat(second.head()).startsWith("HTTP/1.1 408 ");
      }
    }

    @Test
    void sendsNothingToTheNextOwnerOfItsDescriptor() throws Exception {
      try (var client = connect().open("/ws");
          var door = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        client.send(new ClientFrames().text("hello"));
        client.frame();
        var socket = open.getLast();
        var stranger =
            socket
                .eventLoop()
                .submit(
                    () -> {
                      ByteBuf frame = FrameEncoder.text(PooledByteBufAllocator.DEFAULT, "secret");
                      socket.write(frame);
                      frame.release();
                      socket.abort();
                      // The kernel gives the lowest free number, which is the one just given back.
                      var next = new Socket(door.getInetAddress(), door.getLocalPort());
                      socket.flush();
                      return next;
                    })
                .get();
        try (stranger;
            var peer = door.accept()) {
          stranger.getOutputStream().write('x');
          assertThat(peer.getInputStream().read()).isEqualTo('x');
        }
      }
    }

    @Test
    void cutsAFloodOfPings() throws IOException {
      try (var client = connect().open("/ws")) {
        var frames = new ClientFrames();
        for (int i = 0; i < 200; i++) {
          frames.ping("");
        }
        client.send(frames);
        String frame = client.frame();
        int pongs = 0;
        for (; frame.equals("8a "); frame = client.frame()) {
          pongs++;
        }
        assertThat(pongs).isEqualTo(50);
        assertThat(frame).isEqualTo("88 1008 too many pings or pongs");
      }
    }

    @Test
    void cutsAMessageThatNeverEnds() throws IOException {
      try (var client = connect().open("/ws")) {
        client.send(new ClientFrames().frame(0x01, (byte) 'a'));
        assertThat(client.frame()).isEqualTo("88 1008 message took too long");
      }
    }

    @Test
    void ringsTheAlarmOnce() throws IOException {
      try (var client = connect().open("/ws")) {
        client.send(new ClientFrames().text("alarm"));
        assertThat(client.frame()).isEqualTo("81 alarm");
        client.send(new ClientFrames().text("next"));
        assertThat(client.frame()).isEqualTo("81 next");
      }
    }

    @Test
    void keepsOnlyItsOwnHandlers() throws IOException {
      try (var client = connect().open("/ws")) {
        client.send(new ClientFrames().text("hello"));
        client.frame();
        var handlers = new ArrayList<String>();
        channels
            .getLast()
            .pipeline()
            .forEach(entry -> handlers.add(entry.getValue().getClass().getSimpleName()));
        handlers.remove("SslHandler");
        assertThat(handlers).containsExactly("WebSocketChannel");
      }
    }

    @Test
    void compressesWhatIsWorthIt() throws IOException {
      try (var client = connect()) {
        client.send(RawWebSocket.request("/ws", "Sec-WebSocket-Extensions: permessage-deflate"));
        assertThat(client.head())
            .contains(
                "Sec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover; client_no_context_takeover\r\n");
        client.send(
            new ClientFrames()
                .frame(
                    0xC1,
                    (byte) 0xf2,
                    (byte) 0x48,
                    (byte) 0xcd,
                    (byte) 0xc9,
                    (byte) 0xc9,
                    (byte) 0x07,
                    (byte) 0x00));
        assertThat(client.frame()).isEqualTo("81 Hello");
        client.send(new ClientFrames().text("long ".repeat(100)));
        assertThat(client.frame()).startsWith("c1 ").hasSizeLessThan(60);
      }
    }
  }

  @Nested
  @TestInstance(TestInstance.Lifecycle.PER_CLASS)
  class Plain extends Server {
    @Override
    HttpServerOptions options() {
      return new HttpServerOptions().setHttp2ClearTextEnabled(false);
    }

    @Override
    SocketFactory sockets() {
      return SocketFactory.getDefault();
    }
  }

  @Nested
  @TestInstance(TestInstance.Lifecycle.PER_CLASS)
  class Tls extends Server {
    private TestCertificate certificate;

    @Override
    HttpServerOptions options() {
      certificate = TestCertificate.in(folder);
      return new HttpServerOptions()
          .setSsl(true)
          .setUseAlpn(false)
          .setKeyCertOptions(
              new PfxOptions()
                  .setPath(certificate.keyStore().toString())
                  .setPassword(TestCertificate.PASSWORD));
    }

    @Override
    SocketFactory sockets() {
      return certificate.trustingSockets();
    }
  }
}
