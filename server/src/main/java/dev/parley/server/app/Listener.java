package dev.parley.server.app;

import dev.parley.server.app.config.ServerConfig;
import dev.parley.server.gateway.SocketRoutes;
import dev.parley.server.rest.http.FrontDoor;
import io.vertx.core.AbstractVerticle;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.PemKeyCertOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/// Listens on one port with every event loop, and sends each request to the sockets or to REST.
final class Listener implements AutoCloseable {
  private static final int HEADER_BYTES = 16 * 1024;
  private static final int IDLE_SECONDS = 75;
  private static final int BACKLOG = 4_096;
  private static final int PATIENCE_SECONDS = 10;

  private final Vertx vertx;
  private final List<String> deployments;
  private final int port;

  private Listener(Vertx vertx, List<String> deployments, int port) {
    this.vertx = vertx;
    this.deployments = deployments;
    this.port = port;
  }

  /// Opens a port; 0 picks a free one.
  ///
  /// @param sockets what to open sockets with; empty on a port for REST only
  static Listener open(
      Vertx vertx,
      ServerConfig config,
      int port,
      Optional<SocketRoutes> sockets,
      FrontDoor door,
      String name) {
    var options = options(config);
    // Vert.x lets its loops share a free port only if it is asked for by a negative number, which
    // must be another one for each listener.
    int wanted = port != 0 ? port : sockets.isPresent() ? -1 : -2;
    var bound = new AtomicInteger();
    var rest = door.on(name);
    Handler<HttpServerRequest> handler =
        request -> {
          if (sockets.isEmpty() || !sockets.get().take(request)) {
            rest.handle(request);
          }
        };
    Handler<HttpConnection> connections =
        connection -> sockets.ifPresent(routes -> routes.prepare(connection));
    try {
      var deployments = new ArrayList<String>();
      for (int i = 0; i < Runtime.getRuntime().availableProcessors(); i++) {
        deployments.add(
            await(
                vertx.deployVerticle(
                    new Port(options, config.host(), wanted, bound, connections, handler, door))));
      }
      return new Listener(vertx, deployments, bound.get());
    } catch (ExecutionException e) {
      throw new StartException(
          "port %d of %s cannot be had: %s; stop what uses it, or set PORT"
              .formatted(port, config.host(), String.valueOf(e.getCause())));
    }
  }

  int port() {
    return port;
  }

  /// Takes no more connections.
  @Override
  public void close() throws ExecutionException {
    for (var deployment : deployments) {
      await(vertx.undeploy(deployment));
    }
  }

  private static HttpServerOptions options(ServerConfig config) {
    var options =
        new HttpServerOptions()
            .setHttp2ClearTextEnabled(false)
            .setUseAlpn(false)
            .setMaxHeaderSize(HEADER_BYTES)
            .setAcceptBacklog(BACKLOG)
            .setReuseAddress(true)
            .setTcpNoDelay(true)
            .setIdleTimeout(IDLE_SECONDS)
            .setCompressionSupported(false)
            .setDecompressionSupported(false);
    config
        .tls()
        .ifPresent(
            tls ->
                options
                    .setSsl(true)
                    .setKeyCertOptions(
                        new PemKeyCertOptions()
                            .setCertPath(tls.certificate().toString())
                            .setKeyPath(tls.key().toString())));
    return options;
  }

  private static <T> T await(Future<T> future) throws ExecutionException {
    try {
      return future
          .toCompletionStage()
          .toCompletableFuture()
          .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StartException("interrupted");
    } catch (TimeoutException e) {
      throw new StartException("the listener did not answer in time");
    }
  }

  /// The port on one event loop.
  private static final class Port extends AbstractVerticle {
    private final HttpServerOptions options;
    private final String host;
    private final int port;
    private final AtomicInteger bound;
    private final Handler<HttpConnection> connections;
    private final Handler<HttpServerRequest> handler;
    private final FrontDoor door;

    private Port(
        HttpServerOptions options,
        String host,
        int port,
        AtomicInteger bound,
        Handler<HttpConnection> connections,
        Handler<HttpServerRequest> handler,
        FrontDoor door) {
      this.options = options;
      this.host = host;
      this.port = port;
      this.bound = bound;
      this.connections = connections;
      this.handler = handler;
      this.door = door;
    }

    @Override
    public void start(Promise<Void> started) {
      HttpServer server =
          vertx
              .createHttpServer(options)
              .connectionHandler(connections)
              .invalidRequestHandler(door.onMalformed())
              .requestHandler(handler);
      server
          .listen(port, host)
          .onSuccess(open -> bound.set(open.actualPort()))
          .<Void>mapEmpty()
          .onComplete(started);
    }
  }
}
