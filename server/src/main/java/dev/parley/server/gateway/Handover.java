package dev.parley.server.gateway;

import static io.netty.channel.ChannelFutureListener.CLOSE;
import static io.netty.channel.ChannelFutureListener.CLOSE_ON_FAILURE;

import dev.parley.server.gateway.websocket.Handshake;
import dev.parley.server.gateway.websocket.SocketRules;
import dev.parley.server.gateway.websocket.UpgradeRequest;
import dev.parley.server.gateway.websocket.WebSocket;
import dev.parley.server.gateway.websocket.WebSocketListener;
import dev.parley.server.gateway.websocket.WebSocketLoop;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoop;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.impl.ConnectionBase;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Queue;
import java.util.function.Function;

/// Takes a connection out of the HTTP server's hands (Vert.x) and gives it to our frame layer, on
/// the same event loop.
///
/// The only class that knows how Vert.x keeps a connection. It takes the channel from under it
/// instead of asking for `toNetSocket()`: that way loses bytes which the client sent behind its
/// request, and keeps three objects per connection alive. It needs HTTP/1.1
/// (`setHttp2ClearTextEnabled(false)`, no ALPN).
public final class Handover {
  private static final String DECODER = "httpDecoder";

  /// Every read takes a buffer of this size from the pool and gives it back; the default would keep
  /// 90 bytes per connection to guess a better one.
  private static final RecvByteBufAllocator READ_BUFFERS = new FixedRecvByteBufAllocator(16 * 1024);

  private final Function<EventLoop, WebSocketLoop> loops;
  private final Duration headWithin;

  /// One for the whole server.
  ///
  /// @param loops what the sockets of an event loop share
  /// @param headWithin longest time that a request's head may take
  public Handover(Function<EventLoop, WebSocketLoop> loops, Duration headWithin) {
    this.loops = loops;
    this.headWithin = headWithin;
  }

  /// Makes a new connection ready: to be the HTTP server's connection handler.
  public void prepare(HttpConnection http) {
    if (http instanceof ConnectionBase connection) {
      Channel channel = connection.channel();
      channel.config().setRecvByteBufAllocator(READ_BUFFERS);
      var wheel = loops.apply(channel.eventLoop()).wheel();
      HeadDeadline.watch(channel.pipeline(), DECODER, wheel, (int) headWithin.toSeconds());
    }
  }

  /// The request as [Handshake#judge] wants it.
  public static UpgradeRequest describe(HttpServerRequest request) {
    return new UpgradeRequest(
        request.method().name(),
        switch (request.version()) {
          case HTTP_1_0 -> "HTTP/1.0";
          case HTTP_1_1 -> "HTTP/1.1";
          case HTTP_2 -> "HTTP/2";
        },
        request.headers().size(),
        name -> request.headers().getAll(name));
  }

  /// Takes the connection. From now on the HTTP server knows nothing of it: the caller must accept
  /// or refuse, at any later time and from any thread. Nothing more is read meanwhile; what has
  /// come already waits for the frame layer.
  ///
  /// Call it on the event loop inside the request handler, before the server looks at the bytes
  /// behind the request.
  public Upgrade take(HttpServerRequest request) {
    if (!(request.connection() instanceof ConnectionBase connection)) {
      throw new IllegalArgumentException("not a connection of this HTTP server");
    }
    Channel channel = connection.channel();
    if (!channel.eventLoop().inEventLoop()) {
      throw new IllegalStateException("a connection is taken on its event loop");
    }
    channel.config().setAutoRead(false);
    var upgrade = new Upgrade(channel, loops.apply(channel.eventLoop()));
    // The handlers before the decoder are TLS and below; it gives the bytes behind the request to
    // the handler after it.
    ChannelPipeline pipeline = channel.pipeline();
    pipeline.addAfter(DECODER, null, upgrade);
    for (Map.Entry<String, ChannelHandler> handler : pipeline) {
      if (handler.getValue() != upgrade && !(handler.getValue() instanceof SslHandler)) {
        pipeline.remove(handler.getValue());
      }
    }
    return upgrade;
  }

  /// A connection between HTTP and frames. Exactly one call of `accept` or `refuse` counts, the
  /// first.
  public static final class Upgrade extends ChannelInboundHandlerAdapter {
    private final Channel channel;
    private final WebSocketLoop loop;
    private final Queue<ByteBuf> early = new ArrayDeque<>(1);
    private boolean decided;

    private Upgrade(Channel channel, WebSocketLoop loop) {
      this.channel = channel;
      this.loop = loop;
    }

    /// Answers 101 and opens the socket; the owner is called on the event loop, unless the client
    /// has gone.
    public void accept(
        Handshake.Accepted accepted,
        SocketRules rules,
        Function<WebSocket, WebSocketListener> owner) {
      onLoop(() -> open(accepted, rules, owner));
    }

    /// Answers with this status and closes.
    public void refuse(
        int status, String reason, Map<String, String> more, String contentType, String body) {
      byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
      var headers = new LinkedHashMap<>(more);
      headers.put("Content-Type", contentType);
      headers.put("Content-Length", Integer.toString(bytes.length));
      headers.put("Connection", "close");
      onLoop(() -> answer(status + " " + reason, headers, bytes));
    }

    /// Answers what the handshake says and closes.
    public void refuse(Handshake.Refused refused) {
      byte[] body = (refused.text() + "\n").getBytes(StandardCharsets.UTF_8);
      var headers = new LinkedHashMap<>(refused.headers());
      headers.put("Content-Type", "text/plain; charset=utf-8");
      headers.put("Content-Length", Integer.toString(body.length));
      headers.merge("Connection", "close", (upgrade, close) -> upgrade + ", " + close);
      onLoop(() -> answer(refused.status() + " " + refused.reason(), headers, body));
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      // The end of the HTTP request comes here as well, and holds nothing.
      if (message instanceof ByteBuf bytes && !decided) {
        early.add(bytes);
      } else {
        ReferenceCountUtil.release(message);
      }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {}

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
      decided = true;
      releaseEarly();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      channel.unsafe().close(channel.voidPromise());
    }

    private void onLoop(Runnable decision) {
      if (channel.eventLoop().inEventLoop()) {
        decide(decision);
      } else {
        channel.eventLoop().execute(() -> decide(decision));
      }
    }

    private void decide(Runnable decision) {
      if (!decided) {
        decided = true;
        decision.run();
      }
    }

    private void open(
        Handshake.Accepted accepted,
        SocketRules rules,
        Function<WebSocket, WebSocketListener> owner) {
      // First, because the owner may stop reading at once; nothing is read while this runs.
      channel.config().setAutoRead(true);
      channel
          .write(head("101 Switching Protocols", accepted.headers()))
          .addListener(CLOSE_ON_FAILURE);
      loop.open(channel, rules, accepted.agreement().orElse(null), owner);
      channel.flush();
      // From here, not from the head: TLS would take these bytes for its own.
      ChannelHandlerContext here = channel.pipeline().context(this);
      for (ByteBuf bytes = early.poll(); bytes != null; bytes = early.poll()) {
        here.fireChannelRead(bytes);
      }
      here.fireChannelReadComplete();
      channel.pipeline().remove(this);
    }

    private void answer(String status, Map<String, String> headers, byte[] body) {
      releaseEarly();
      channel.writeAndFlush(head(status, headers).writeBytes(body)).addListener(CLOSE);
    }

    private ByteBuf head(String status, Map<String, String> headers) {
      var head = new StringBuilder("HTTP/1.1 ").append(status).append("\r\n");
      headers.forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
      head.append("\r\n");
      ByteBuf out = channel.alloc().buffer(head.length());
      out.writeCharSequence(head, StandardCharsets.ISO_8859_1);
      return out;
    }

    private void releaseEarly() {
      early.forEach(ByteBuf::release);
      early.clear();
    }
  }
}
