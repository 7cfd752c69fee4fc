package dev.parley.server.gateway;

import dev.parley.server.domain.event.EphemeralEvent;
import dev.parley.server.gateway.websocket.FrameEncoder;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;

/// Something that is not kept, on one event loop: encoded once for each dialect there. Released
/// when it was delivered. Event loop only.
final class EncodedSignal implements AutoCloseable {
  private final EphemeralEvent event;
  private final List<Encoding> encodings = new ArrayList<>(1);

  EncodedSignal(EphemeralEvent event) {
    this.event = event;
  }

  private record Encoding(Dialect dialect, ByteBuf frames) {}

  /// The frames in a dialect; empty if it is silent about it.
  ByteBuf in(Dialect dialect) {
    for (var encoding : encodings) {
      if (encoding.dialect().equals(dialect)) {
        return encoding.frames();
      }
    }
    var encoding = new Encoding(dialect, encode(dialect.encode(event)));
    encodings.add(encoding);
    return encoding.frames();
  }

  private static ByteBuf encode(List<byte[]> texts) {
    if (texts.isEmpty()) {
      return Unpooled.EMPTY_BUFFER;
    }
    int bytes = texts.stream().mapToInt(text -> text.length + 10).sum();
    var frames = PooledByteBufAllocator.DEFAULT.directBuffer(bytes);
    texts.forEach(text -> FrameEncoder.appendText(frames, text));
    return frames;
  }

  @Override
  public void close() {
    encodings.forEach(encoding -> encoding.frames().release());
  }
}
