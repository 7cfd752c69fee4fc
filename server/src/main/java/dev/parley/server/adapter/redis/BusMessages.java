package dev.parley.server.adapter.redis;

import dev.parley.server.base.Limits;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// Packs many items into few messages: the version, the node that sent it, the moment by the
/// sender's own clock, and the items.
final class BusMessages {
  /// Grows when an older version could read a message wrong; it does not read it at all then.
  static final byte VERSION = 1;

  private static final int HEADER = 1 + 16 + 8;

  private final RedisEventCodec codec = new RedisEventCodec(Limits.BUS_EVENT_BYTES);
  private final UUID node;

  BusMessages(UUID node) {
    this.node = node;
  }

  /// Items as messages of a bounded size.
  ///
  /// @param large how many items were too large and went as a position, or not at all
  record Packed(List<byte[]> messages, int large) {}

  /// A message that came.
  ///
  /// @param own whether this node sent it
  record Received(boolean own, long sentNanos, ByteBuf items) {}

  /// Packs items; none at all makes one empty message, which only shows that the way is open.
  Packed pack(List<BusItem> items, long nowNanos) {
    var messages = new ArrayList<byte[]>(1);
    int large = 0;
    var out = begin(nowNanos);
    for (var item : items) {
      if (out.writerIndex() >= Limits.BUS_MESSAGE_BYTES) {
        messages.add(bytes(out));
        out = begin(nowNanos);
      }
      large += codec.write(out, item) ? 0 : 1;
    }
    messages.add(bytes(out));
    return new Packed(messages, large);
  }

  /// Opens a message; empty if its version is another.
  ///
  /// @throws IndexOutOfBoundsException if it is damaged
  Optional<Received> open(byte[] message) {
    var in = Unpooled.wrappedBuffer(message);
    if (in.readByte() != VERSION) {
      return Optional.empty();
    }
    boolean own = Bytes.uuid(in).equals(node);
    return Optional.of(new Received(own, in.readLong(), in));
  }

  /// The next item; empty if this version does not know it.
  Optional<BusItem> next(ByteBuf items) {
    return codec.read(items);
  }

  private ByteBuf begin(long nowNanos) {
    var out = Unpooled.buffer(HEADER + 256);
    out.writeByte(VERSION);
    Bytes.uuid(out, node);
    return out.writeLong(nowNanos);
  }

  private static byte[] bytes(ByteBuf out) {
    var bytes = new byte[out.readableBytes()];
    out.readBytes(bytes);
    return bytes;
  }
}
