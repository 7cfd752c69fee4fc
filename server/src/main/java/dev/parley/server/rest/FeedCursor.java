package dev.parley.server.rest;

import dev.parley.server.base.RoomId;
import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/// How far a client has read each of its rooms, as one short text for `Last-Event-ID`: per room 8
/// bytes of its id (its random half), 2 bytes that tell epochs apart, and the position. It proves
/// nothing: whoever invents one only reads their own rooms from another place.
final class FeedCursor {
  private static final byte VERSION = 1;

  /// Stands for the user's own log: no half of a UUID is zero.
  private static final long ME = 0;

  private static final int MAX_CHARS = 16_000;

  private final Map<Long, Mark> marks = new LinkedHashMap<>();
  private boolean unreadable;

  /// An empty cursor.
  FeedCursor() {}

  /// Reads a cursor. One that is none of ours knows nothing of any room: a refusal would keep a
  /// browser, which sends the same again and again, away for ever.
  static FeedCursor parse(String text) {
    try {
      if (text.length() > MAX_CHARS) {
        throw new IllegalArgumentException("too long");
      }
      var bytes = ByteBuffer.wrap(Base64.getUrlDecoder().decode(text));
      if (bytes.get() != VERSION) {
        throw new IllegalArgumentException("another version");
      }
      var cursor = new FeedCursor();
      while (bytes.hasRemaining()) {
        cursor.marks.put(bytes.getLong(), new Mark(bytes.getShort(), readNumber(bytes)));
      }
      return cursor;
    } catch (IllegalArgumentException | BufferUnderflowException e) {
      var nothing = new FeedCursor();
      nothing.unreadable = true;
      return nothing;
    }
  }

  /// Whether it may know rooms other than these; which, it cannot tell.
  boolean mayKnowOthersThan(Collection<RoomId> rooms) {
    var here = rooms.stream().map(FeedCursor::key).collect(Collectors.toSet());
    return unreadable || marks.keySet().stream().anyMatch(key -> key != ME && !here.contains(key));
  }

  /// How far the room was read; empty if it is not in the cursor, or in another epoch.
  OptionalLong pos(RoomId room, String epoch) {
    var mark = marks.get(key(room));
    return mark != null && mark.epoch() == shorten(epoch)
        ? OptionalLong.of(mark.pos())
        : OptionalLong.empty();
  }

  /// Moves a room to a position.
  void move(RoomId room, String epoch, long pos) {
    marks.put(key(room), new Mark(shorten(epoch), pos));
  }

  /// How far the user's own log was read; empty if it is not in the cursor, or in another epoch.
  OptionalLong me(String epoch) {
    var mark = marks.get(ME);
    // A stream that began before the log did knows no epoch of it.
    return mark != null && (mark.epoch() == shorten("") || mark.epoch() == shorten(epoch))
        ? OptionalLong.of(mark.pos())
        : OptionalLong.empty();
  }

  /// Moves the user's own log to a position.
  void moveMe(String epoch, long pos) {
    marks.put(ME, new Mark(shorten(epoch), pos));
  }

  /// Forgets a room.
  void remove(RoomId room) {
    marks.remove(key(room));
  }

  /// The cursor as text.
  String text() {
    var bytes = new ByteArrayOutputStream();
    bytes.write(VERSION);
    marks.forEach(
        (room, mark) -> {
          bytes.writeBytes(ByteBuffer.allocate(10).putLong(room).putShort(mark.epoch()).array());
          writeNumber(bytes, mark.pos());
        });
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.toByteArray());
  }

  private static long key(RoomId room) {
    return room.value().getLeastSignificantBits();
  }

  private static short shorten(String epoch) {
    return (short) epoch.hashCode();
  }

  /// Seven bits a byte, the lowest first; the high bit says that more follow.
  private static void writeNumber(ByteArrayOutputStream bytes, long number) {
    long rest = number;
    while (rest > 0x7F) {
      bytes.write((int) (rest & 0x7F) | 0x80);
      rest >>>= 7;
    }
    bytes.write((int) rest);
  }

  private static long readNumber(ByteBuffer bytes) {
    long number = 0;
    for (int shift = 0; shift < 63; shift += 7) {
      byte next = bytes.get();
      number |= (long) (next & 0x7F) << shift;
      if (next >= 0) {
        return number;
      }
    }
    throw new IllegalArgumentException("a number that is too large");
  }

  /// A position in one epoch.
  private record Mark(short epoch, long pos) {}
}
