package dev.parley.server.adapter.redis;

import dev.parley.server.base.OrgId;
import dev.parley.server.base.RoomId;
import dev.parley.server.base.UserId;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.Function;

/// The words of the binary form: numbers in eight bytes, texts and lists with their length in
/// front.
///
/// Reading past the end throws [IndexOutOfBoundsException].
final class Bytes {
  private Bytes() {}

  static void uuid(ByteBuf out, UUID value) {
    out.writeLong(value.getMostSignificantBits()).writeLong(value.getLeastSignificantBits());
  }

  static UUID uuid(ByteBuf in) {
    return new UUID(in.readLong(), in.readLong());
  }

  static void text(ByteBuf out, String value) {
    int length = out.writerIndex();
    out.writeInt(0);
    out.setInt(length, ByteBufUtil.writeUtf8(out, value));
  }

  static String text(ByteBuf in) {
    return in.readCharSequence(size(in), StandardCharsets.UTF_8).toString();
  }

  static void room(ByteBuf out, RoomId room) {
    uuid(out, room.value());
  }

  static RoomId room(ByteBuf in) {
    return new RoomId(uuid(in));
  }

  static void org(ByteBuf out, OrgId org) {
    uuid(out, org.value());
  }

  static OrgId org(ByteBuf in) {
    return new OrgId(uuid(in));
  }

  static void user(ByteBuf out, UserId user) {
    text(out, user.value());
  }

  static UserId user(ByteBuf in) {
    return new UserId(text(in));
  }

  static void instant(ByteBuf out, Instant instant) {
    out.writeLong(instant.getEpochSecond()).writeInt(instant.getNano());
  }

  static Instant instant(ByteBuf in) {
    return Instant.ofEpochSecond(in.readLong(), in.readInt());
  }

  static <T> void optional(ByteBuf out, Optional<T> value, BiConsumer<ByteBuf, T> write) {
    out.writeBoolean(value.isPresent());
    value.ifPresent(there -> write.accept(out, there));
  }

  static <T> Optional<T> optional(ByteBuf in, Function<ByteBuf, T> read) {
    return in.readBoolean() ? Optional.of(read.apply(in)) : Optional.empty();
  }

  static void optional(ByteBuf out, OptionalLong value) {
    out.writeBoolean(value.isPresent());
    value.ifPresent(out::writeLong);
  }

  static OptionalLong optionalLong(ByteBuf in) {
    return in.readBoolean() ? OptionalLong.of(in.readLong()) : OptionalLong.empty();
  }

  static void texts(ByteBuf out, List<String> values) {
    out.writeInt(values.size());
    values.forEach(value -> text(out, value));
  }

  static List<String> texts(ByteBuf in) {
    var values = new ArrayList<String>();
    for (int left = size(in); left > 0; left--) {
      values.add(text(in));
    }
    return List.copyOf(values);
  }

  static void rooms(ByteBuf out, List<RoomId> rooms) {
    out.writeInt(rooms.size());
    rooms.forEach(room -> room(out, room));
  }

  static List<RoomId> rooms(ByteBuf in) {
    var rooms = new ArrayList<RoomId>();
    for (int left = size(in); left > 0; left--) {
      rooms.add(room(in));
    }
    return List.copyOf(rooms);
  }

  static void labels(ByteBuf out, Map<String, String> labels) {
    out.writeInt(labels.size());
    labels.forEach(
        (name, value) -> {
          text(out, name);
          text(out, value);
        });
  }

  static Map<String, String> labels(ByteBuf in) {
    var labels = new HashMap<String, String>();
    for (int left = size(in); left > 0; left--) {
      labels.put(text(in), text(in));
    }
    return Map.copyOf(labels);
  }

  /// A length or a count; nothing is longer than what is left to read.
  private static int size(ByteBuf in) {
    int size = in.readInt();
    if (size < 0 || size > in.readableBytes()) {
      throw new IndexOutOfBoundsException("a length of " + size);
    }
    return size;
  }
}
