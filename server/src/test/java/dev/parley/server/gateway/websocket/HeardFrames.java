package dev.parley.server.gateway.websocket;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Writes down what a decoder finds, and how it ends.
final class HeardFrames implements FrameHandler {
  final List<String> heard = new ArrayList<>();
  private final ByteBufAllocator allocator;

  HeardFrames() {
    this(UnpooledByteBufAllocator.DEFAULT);
  }

  /// @param allocator of the buffers that the decoder gets, and thus of those that it makes
  HeardFrames(ByteBufAllocator allocator) {
    this.allocator = allocator;
  }

  /// Feeds the bytes in pieces of this size.
  static List<String> decode(FrameDecoder decoder, byte[] bytes, int pieces) {
    var frames = new HeardFrames();
    for (int at = 0; at < bytes.length; at += pieces) {
      frames.feed(decoder, bytes, at, Math.min(pieces, bytes.length - at));
    }
    decoder.end();
    return frames.heard;
  }

  /// Returns whether the decoder still listens.
  boolean feed(FrameDecoder decoder, byte[] bytes, int offset, int length) {
    ByteBuf in = allocator.buffer(length).writeBytes(bytes, offset, length);
    try {
      decoder.decode(in, this);
    } catch (FrameException e) {
      heard.add("fail " + e.code().number());
    } finally {
      in.release();
    }
    return !decoder.ended();
  }

  @Override
  public void text(ByteBuf message) {
    heard.add("text " + message.toString(StandardCharsets.UTF_8));
  }

  @Override
  public void binary(ByteBuf message) {
    heard.add("binary " + ByteBufUtil.hexDump(message));
  }

  @Override
  public void ping(ByteBuf payload) {
    heard.add("ping " + payload.toString(StandardCharsets.UTF_8));
  }

  @Override
  public void pong(ByteBuf payload) {
    heard.add("pong " + payload.toString(StandardCharsets.UTF_8));
  }

  @Override
  public void close(int code, ByteBuf reason) {
    heard.add("close " + code + " " + reason.toString(StandardCharsets.UTF_8));
  }
}
