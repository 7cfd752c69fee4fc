package dev.parley.server.gateway.websocket;

import dev.parley.protocol.CloseCode;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.DuplexChannel;
import io.netty.channel.unix.Socket;
import io.netty.channel.unix.UnixChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The one handler of a socket's pipeline (after TLS, if any): frames in, frames out, heartbeat,
/// closing handshake.
///
/// Event loop only.
final class WebSocketChannel extends ChannelInboundHandlerAdapter
    implements WebSocket, FrameHandler, TimerWheel.Timed {
  /// Pongs are for a peer that reads: one that lets so many bytes wait gets none until it does.
  private static final int PONG_PENDING_BYTES = 64 * 1024;

  /// A larger frame goes through the channel, whose water marks then tell the owner when there is
  /// room again; one as small as this never fills the room that owners leave.
  private static final int LONE_BYTES = 16 * 1024;

  /// The first pings of a crowd that came at once are spread over a quarter of the interval, this
  /// many sockets a second apart.
  private static final int CROWD = 512;

  /// Where the closing handshake stands. `OPEN`: frames both ways. `CLOSING`: our Close is sent,
  /// the peer's is awaited and its messages are dropped. `LINGERING`: nothing more is sent; what
  /// comes is dropped until the peer closes too, because closing with unread bytes would make the
  /// kernel send a reset that can overtake our Close. `GONE`: no connection.
  private enum State {
    OPEN,
    CLOSING,
    LINGERING,
    GONE
  }

  private final WebSocketLoop loop;
  private final SocketRules rules;
  private final FrameDecoder decoder;
  private final @Nullable DeflateAgreement agreed;
  private @Nullable ChannelHandlerContext context;

  /// The kernel's socket, if frames may go to it past the pipeline: no TLS.
  private @Nullable Socket kernel;

  /// The one frame that waits for the next flush, while nothing waits in the channel.
  private @Nullable ByteBuf lone;

  private @Nullable WebSocketListener listener;
  private State state = State.OPEN;

  // Ticks of the wheel; 0 is never.
  private int heard;
  private int pinged;
  private int messageBegan;
  private int deadline;
  private int timer;

  private short controlTick;
  private short controls;
  private char closeCode = CloseStatus.ABNORMAL;
  private boolean dirty;

  WebSocketChannel(WebSocketLoop loop, SocketRules rules, @Nullable DeflateAgreement agreed) {
    this.loop = loop;
    this.rules = rules;
    this.agreed = agreed;
    this.decoder = new FrameDecoder(rules.limits(), agreed == null ? null : loop.deflate());
  }

  /// Ready to be used in every way before the owner sees it, who may close it at once.
  void open(Function<WebSocket, WebSocketListener> owner) {
    timer = loop.wheel().add(this);
    heard = now();
    pinged = heard - timer / CROWD % (1 + seconds(rules.pingEvery()) / 4);
    arm();
    try {
      listener = owner.apply(this);
    } catch (RuntimeException e) {
      abort();
      throw e;
    }
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    context = ctx;
    if (ctx.channel() instanceof UnixChannel unix
        && unix.fd() instanceof Socket socket
        && ctx.pipeline().get(SslHandler.class) == null) {
      kernel = socket;
    }
  }

  // ---- from the peer

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (!(message instanceof ByteBuf in)) {
      ReferenceCountUtil.release(message);
      return;
    }
    try {
      heard = now();
      decoder.decode(in, this);
    } catch (FrameException e) {
      close(e.code().number(), e.reason());
      linger();
    } catch (RuntimeException e) {
      fail(e);
    } finally {
      in.release();
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    watchMessage();
    if (state == State.OPEN) {
      try {
        listener().readComplete();
      } catch (RuntimeException e) {
        fail(e);
      }
    }
    if (dirty) {
      flush();
    }
  }

  @Override
  public boolean wantsMessages() {
    return state == State.OPEN;
  }

  @Override
  public void text(ByteBuf message) {
    messageBegan = 0;
    if (state == State.OPEN) {
      listener().text(message);
    }
  }

  @Override
  public void binary(ByteBuf message) {
    messageBegan = 0;
    if (state == State.OPEN) {
      listener().binary(message);
    }
  }

  @Override
  public void ping(ByteBuf payload) {
    countControl();
    if (state == State.OPEN && pendingBytes() < PONG_PENDING_BYTES) {
      queue(FrameEncoder.pong(context().alloc(), payload));
    }
  }

  @Override
  public void pong(ByteBuf payload) {
    countControl();
    if (state == State.OPEN) {
      listener().pong();
    }
  }

  @Override
  public void close(int code, ByteBuf reason) {
    close(code, "");
    linger();
  }

  private void countControl() {
    if (!decoder.inMessage()) {
      messageBegan = 0;
    }
    if (controlTick != (short) now()) {
      controlTick = (short) now();
      controls = 0;
    }
    if (++controls > rules.controlsPerSecond()) {
      throw FrameException.policy("too many pings or pongs");
    }
  }

  private void watchMessage() {
    if (messageBegan == 0 && decoder.unfinished()) {
      messageBegan = now();
      arm();
    }
  }

  // ---- to the peer

  @Override
  public void write(ByteBuf frame) {
    if (state == State.OPEN) {
      if (mayStandAlone(frame)) {
        lone = frame.retain();
        dirty = true;
      } else {
        queue(frame.retainedDuplicate());
      }
    }
  }

  private void queue(ByteBuf frame) {
    if (lone != null) {
      enqueue(lone.duplicate());
      lone = null;
    }
    enqueue(frame);
  }

  private void enqueue(ByteBuf frame) {
    // A write that fails is heard of as an exception of the channel.
    var _ = context().write(frame, context().voidPromise());
    dirty = true;
  }

  @Override
  public void flush() {
    dirty = false;
    var frame = lone;
    if (frame == null) {
      context().flush();
    } else {
      lone = null;
      send(frame);
    }
  }

  private boolean mayStandAlone(ByteBuf frame) {
    return kernel != null
        && lone == null
        && frame.readableBytes() <= LONE_BYTES
        && pendingBytes() == 0
        && frame.hasMemoryAddress();
  }

  /// Gives a frame to the kernel past the pipeline and its buffer, which is where half of our own
  /// share of a delivery went: most flushes of a broadcast find one frame and an empty buffer. What
  /// the kernel does not take goes the long way.
  private void send(ByteBuf frame) {
    if (kernel == null || !kernel.isOpen()) {
      // Closed a moment ago, and its descriptor's number may be another connection's already.
      frame.release();
      return;
    }
    int start = frame.readerIndex();
    int end = frame.writerIndex();
    try {
      int sent = kernel.sendAddress(frame.memoryAddress(), start, end);
      if (sent == end - start) {
        frame.release();
      } else {
        enqueue(frame.slice(start + sent, end - start - sent));
        flush();
      }
    } catch (IOException e) {
      frame.release();
      abort();
    }
  }

  @Override
  public long pendingBytes() {
    ChannelOutboundBuffer pending = channel().unsafe().outboundBuffer();
    long queued = pending == null ? 0 : pending.totalPendingWriteBytes();
    return lone == null ? queued : queued + lone.readableBytes();
  }

  @Override
  public boolean isWritable() {
    return channel().isWritable();
  }

  @Override
  public boolean inflates(int payloadBytes) {
    return agreed != null && agreed.fits(payloadBytes);
  }

  @Override
  public Deflate deflate() {
    return loop.deflate();
  }

  @Override
  public void reading(boolean on) {
    channel().config().setAutoRead(on);
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (state == State.OPEN && isWritable()) {
      try {
        listener().writable();
      } catch (RuntimeException e) {
        fail(e);
      }
    }
  }

  // ---- time

  @Override
  public void alarm(Duration delay) {
    if (state == State.OPEN) {
      deadline = delay.isZero() ? 0 : now() + Math.max(1, seconds(delay));
      arm();
    }
  }

  @Override
  public void due() {
    if (state != State.OPEN) {
      abort();
      return;
    }
    forgiveWhilePaused();
    int heardWithin = seconds(rules.heardWithin());
    if (heardWithin > 0 && now() - heard >= heardWithin) {
      close(CloseCode.NO_PONG, "nothing heard");
      return;
    }
    if (messageBegan != 0 && now() - messageBegan >= seconds(rules.messageWithin())) {
      close(CloseCode.POLICY, "message took too long");
      return;
    }
    pingIfDue();
    alarmIfDue();
    arm();
  }

  /// Silence is not the peer's fault while we do not read.
  private void forgiveWhilePaused() {
    if (!channel().config().isAutoRead()) {
      heard = now();
      messageBegan = messageBegan == 0 ? 0 : now();
    }
  }

  private void pingIfDue() {
    int every = seconds(rules.pingEvery());
    if (every > 0 && now() - pinged >= every) {
      pinged = now();
      write(loop.pingFrame());
      flush();
    }
  }

  private void alarmIfDue() {
    if (deadline != 0 && now() - deadline >= 0) {
      deadline = 0;
      try {
        listener().alarm();
      } catch (RuntimeException e) {
        fail(e);
      }
    }
  }

  /// Sets the timer to the first of all that may come.
  private void arm() {
    if (state != State.OPEN) {
      return;
    }
    int ticks = Integer.MAX_VALUE;
    if (!rules.pingEvery().isZero()) {
      ticks = Math.min(ticks, pinged + seconds(rules.pingEvery()) - now());
    }
    if (!rules.heardWithin().isZero()) {
      ticks = Math.min(ticks, heard + seconds(rules.heardWithin()) - now());
    }
    if (messageBegan != 0) {
      ticks = Math.min(ticks, messageBegan + seconds(rules.messageWithin()) - now());
    }
    if (deadline != 0) {
      ticks = Math.min(ticks, deadline - now());
    }
    if (ticks != Integer.MAX_VALUE) {
      loop.wheel().set(timer, ticks);
    }
  }

  // ---- the end

  @Override
  public void close(CloseCode code, String reason) {
    close(code.number(), reason);
  }

  @Override
  public void abort() {
    if (state != State.GONE) {
      channel().unsafe().close(channel().unsafe().voidPromise());
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    if (state == State.GONE) {
      return;
    }
    state = State.GONE;
    if (lone != null) {
      lone.release();
      lone = null;
    }
    decoder.end();
    loop.wheel().remove(timer);
    if (listener != null) {
      listener.closed(closeCode);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (cause instanceof IOException) {
      abort();
    } else {
      fail(cause);
    }
  }

  private void fail(Throwable cause) {
    listener().failed(cause);
    close(CloseCode.BUG, "");
  }

  private void close(int code, String reason) {
    if (state != State.OPEN) {
      return;
    }
    state = State.CLOSING;
    closeCode = (char) code;
    queue(FrameEncoder.close(context().alloc(), code, reason));
    flush();
    reading(true);
    loop.wheel().set(timer, seconds(rules.closeWithin()));
  }

  /// Both have said Close, or the peer is beyond talking to: ends our side as soon as everything is
  /// sent.
  private void linger() {
    if (state != State.CLOSING) {
      return;
    }
    state = State.LINGERING;
    decoder.end();
    context()
        .writeAndFlush(Unpooled.EMPTY_BUFFER)
        .addListener((ChannelFutureListener) sent -> shutOutput());
  }

  private void shutOutput() {
    if (context().pipeline().get(SslHandler.class) == null
        && channel() instanceof DuplexChannel duplex) {
      var _ = duplex.shutdownOutput();
    } else {
      var _ = context().close();
    }
  }

  // ---- who and where

  @Override
  public boolean isOpen() {
    return state == State.OPEN;
  }

  @Override
  public EventLoop eventLoop() {
    return channel().eventLoop();
  }

  @Override
  public String remoteAddress() {
    return channel().remoteAddress() instanceof InetSocketAddress address
        ? address.getAddress().getHostAddress()
        : "";
  }

  private int now() {
    return loop.wheel().now();
  }

  private static int seconds(Duration duration) {
    return (int) Math.min(duration.toSeconds(), Integer.MAX_VALUE / 2);
  }

  private Channel channel() {
    return context().channel();
  }

  private ChannelHandlerContext context() {
    if (context == null) {
      throw new IllegalStateException("not in a pipeline");
    }
    return context;
  }

  private WebSocketListener listener() {
    if (listener == null) {
      throw new IllegalStateException("not open");
    }
    return listener;
  }
}
