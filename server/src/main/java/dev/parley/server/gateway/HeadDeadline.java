package dev.parley.server.gateway;

import dev.parley.server.gateway.websocket.TimerWheel;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import java.nio.charset.StandardCharsets;

/// Ends an HTTP connection whose next request head takes too long, however steadily its bytes
/// trickle in. Two handlers around the HTTP decoder; gone once the connection is taken.
///
/// Event loop only.
final class HeadDeadline extends ChannelInboundHandlerAdapter implements TimerWheel.Timed {
  private static final String ANSWER =
      "HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";

  /// What is being waited for. `FIRST`: the first byte; the time runs. `HEAD`: the rest of a head;
  /// the time runs. `BODY`: the rest of a request. `IDLE`: the next request, of which nothing has
  /// come; how long that may take is the HTTP server's affair.
  private enum State {
    FIRST,
    HEAD,
    BODY,
    IDLE
  }

  private final ChannelPipeline pipeline;
  private final TimerWheel wheel;
  private final int ticks;
  private final int timer;
  private State state = State.FIRST;

  private HeadDeadline(ChannelPipeline pipeline, TimerWheel wheel, int ticks) {
    this.pipeline = pipeline;
    this.wheel = wheel;
    this.ticks = ticks;
    this.timer = wheel.add(this);
    wheel.set(timer, ticks);
  }

  /// Watches a connection of which nothing has been read yet.
  ///
  /// @param decoder the name of the HTTP decoder's handler
  static void watch(ChannelPipeline pipeline, String decoder, TimerWheel wheel, int ticks) {
    var deadline = new HeadDeadline(pipeline, wheel, ticks);
    pipeline.addBefore(decoder, null, deadline).addAfter(decoder, null, deadline.new Requests());
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object bytes) {
    if (state == State.IDLE) {
      wheel.set(timer, ticks);
    }
    if (state == State.IDLE || state == State.FIRST) {
      state = State.HEAD;
    }
    ctx.fireChannelRead(bytes);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    wheel.remove(timer);
  }

  @Override
  public void due() {
    switch (state) {
      case FIRST -> pipeline.channel().unsafe().close(pipeline.channel().voidPromise());
      case HEAD -> {
        ByteBuf answer = pipeline.channel().alloc().buffer(ANSWER.length());
        answer.writeCharSequence(ANSWER, StandardCharsets.US_ASCII);
        pipeline.context(this).writeAndFlush(answer).addListener(ChannelFutureListener.CLOSE);
      }
      case BODY, IDLE -> {}
    }
  }

  /// Sees what the decoder makes of the bytes.
  private final class Requests extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      if (message instanceof HttpRequest) {
        state = State.BODY;
      }
      if (message instanceof LastHttpContent) {
        state = State.IDLE;
      }
      ctx.fireChannelRead(message);
    }
  }
}
