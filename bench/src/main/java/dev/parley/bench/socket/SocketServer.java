package dev.parley.bench.socket;

import dev.parley.server.base.Ticker;
import dev.parley.server.gateway.Handover;
import dev.parley.server.gateway.websocket.EchoListener;
import dev.parley.server.gateway.websocket.Handshake;
import dev.parley.server.gateway.websocket.SocketRules;
import dev.parley.server.gateway.websocket.WebSocketLoop;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.EventLoop;
import io.vertx.core.AbstractVerticle;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// The frame layer behind an HTTP server and nothing else: `/conformance/echo` echoes, `/ws?room=x`
/// sends every message to all sockets of the room.
public final class SocketServer extends AbstractVerticle {
  private final int port;
  private final Handshake handshake = new Handshake(Set.of(), true);
  private final Handover handover;
  private final Rooms rooms;

  private SocketServer(int port, Handover handover, Rooms rooms) {
    this.port = port;
    this.handover = handover;
    this.rooms = rooms;
  }

  /// Usage: `SocketServer PORT`.
  public static void main(String[] args) {
    int port = Integer.parseInt(args[0]);
    Map<EventLoop, WebSocketLoop> loops = new ConcurrentHashMap<>();
    var handover =
        new Handover(
            eventLoop ->
                loops.computeIfAbsent(
                    eventLoop,
                    l -> new WebSocketLoop(l, PooledByteBufAllocator.DEFAULT, Ticker.SYSTEM)),
            Duration.ofSeconds(10));
    var rooms = new Rooms();
    int cores = Runtime.getRuntime().availableProcessors();
    var vertx =
        Vertx.vertx(new VertxOptions().setPreferNativeTransport(true).setEventLoopPoolSize(cores));
    vertx
        .deployVerticle(
            () -> new SocketServer(port, handover, rooms),
            new DeploymentOptions().setInstances(cores))
        .toCompletionStage()
        .toCompletableFuture()
        .join();
    System.out.println("listening on 127.0.0.1:" + port);
  }

  @Override
  public void start(Promise<Void> started) {
    var options = new HttpServerOptions().setHttp2ClearTextEnabled(false).setHost("127.0.0.1");
    vertx
        .createHttpServer(options.setPort(port))
        .connectionHandler(handover::prepare)
        .requestHandler(this::upgrade)
        .listen()
        .<Void>mapEmpty()
        .onComplete(started);
  }

  private void upgrade(HttpServerRequest request) {
    switch (handshake.judge(Handover.describe(request))) {
      case Handshake.Refused refused -> {
        refused.headers().forEach(request.response()::putHeader);
        request.response().setStatusCode(refused.status()).end(refused.text());
      }
      case Handshake.Accepted accepted -> {
        String room = request.getParam("room", "");
        boolean echo = request.path().equals("/conformance/echo");
        var upgrade = handover.take(request);
        if (echo) {
          upgrade.accept(accepted, EchoListener.RULES, EchoListener::new);
        } else {
          upgrade.accept(accepted, SocketRules.DEFAULT, socket -> rooms.join(room, socket));
        }
      }
    }
  }
}
