package dev.parley.server.gateway.websocket;

import dev.parley.server.base.Ticker;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// What all sockets of one event loop share: the timer wheel, the compressor, the ping frame. Event
/// loop only.
public final class WebSocketLoop {
  private static final Duration TICK = Duration.ofSeconds(1);

  /// After a pause of the process the wheel catches up by this much at a time, or its owners would
  /// all be called at once.
  private static final int MAX_TICKS = 4;

  private final EventLoop eventLoop;
  private final Ticker ticker;
  private final TimerWheel wheel = new TimerWheel();
  private final Deflate deflate;
  private final ByteBuf ping;
  private long tickedNanos;
  private @Nullable Future<?> ticking;

  public WebSocketLoop(EventLoop eventLoop, ByteBufAllocator allocator, Ticker ticker) {
    this.eventLoop = eventLoop;
    this.ticker = ticker;
    this.deflate = new Deflate(allocator);
    this.ping =
        Unpooled.unreleasableBuffer(
            FrameEncoder.ping(allocator, Unpooled.EMPTY_BUFFER).asReadOnly());
  }

  /// Makes a channel of this event loop speak frames: adds the last handler of its pipeline. The
  /// opening handshake has been.
  ///
  /// @param agreed about compression, or null
  /// @param owner makes the listener of the new socket
  public WebSocket open(
      Channel channel,
      SocketRules rules,
      @Nullable DeflateAgreement agreed,
      Function<WebSocket, WebSocketListener> owner) {
    var socket = new WebSocketChannel(this, rules, agreed);
    channel.pipeline().addLast(socket);
    socket.open(owner);
    return socket;
  }

  /// The timers of this event loop; a tick is a second.
  public TimerWheel wheel() {
    startTicking();
    return wheel;
  }

  /// The compressor and decompressor of this event loop.
  public Deflate deflate() {
    return deflate;
  }

  /// Stops the ticking and gives native memory back; the sockets must be gone.
  public void close() {
    if (ticking != null) {
      ticking.cancel(false);
      ticking = null;
    }
    deflate.close();
    ping.unwrap().release();
  }

  ByteBuf pingFrame() {
    return ping;
  }

  private void startTicking() {
    if (ticking == null) {
      tickedNanos = ticker.nanos();
      ticking =
          eventLoop.scheduleWithFixedDelay(
              this::tick, TICK.toMillis() / 2, TICK.toMillis() / 2, TimeUnit.MILLISECONDS);
    }
  }

  private void tick() {
    for (int ticks = 0;
        ticks < MAX_TICKS && ticker.nanos() - tickedNanos >= TICK.toNanos();
        ticks++) {
      tickedNanos += TICK.toNanos();
      wheel.tick();
    }
  }
}
