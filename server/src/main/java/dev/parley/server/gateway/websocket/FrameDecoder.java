package dev.parley.server.gateway.websocket;

import static dev.parley.server.gateway.websocket.FrameException.badData;
import static dev.parley.server.gateway.websocket.FrameException.policy;
import static dev.parley.server.gateway.websocket.FrameException.protocol;
import static dev.parley.server.gateway.websocket.FrameException.tooBig;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/// An incremental parser of what a client sends (RFC 6455 §5, RFC 7692 §6), one per connection.
///
/// It unmasks in place and hands a message that lies whole in the input out without a copy. It
/// keeps 48 bytes and no buffer while no message is unfinished. Text is checked as it arrives: the
/// first bad byte ends the connection, not the end of its frame. A compressed text is checked when
/// its message is whole, because the one inflater of an event loop cannot wait in the middle of
/// one.
///
/// Event loop only.
public final class FrameDecoder {
  private static final int MASKED = 0x80;
  private static final int LENGTH = 0x7F;
  private static final int LENGTH_16 = 126;
  private static final int LENGTH_64 = 127;
  private static final int CONTROL_BYTES = 125;

  /// Which byte comes next. `FIRST` and `SECOND` are the two fixed bytes of a header; `SIZE_16`,
  /// `SIZE_64` and `KEY` count down `headerBytes`; `PAYLOAD` counts down `left`; after `ENDED`
  /// everything is ignored.
  private static final byte FIRST = 0;

  private static final byte SECOND = 1;
  private static final byte SIZE_16 = 2;
  private static final byte SIZE_64 = 3;
  private static final byte KEY = 4;
  private static final byte PAYLOAD = 5;
  private static final byte ENDED = 6;

  private final FrameLimits limits;
  private final @Nullable Deflate deflate;

  private @Nullable ByteBuf message;
  private @Nullable ByteBuf control;
  private long left;
  private int mask;
  private int utf8;
  private int fragments;
  private byte state = FIRST;
  private byte headerBytes;
  private byte head;
  private byte kind;

  /// A decoder at the beginning of a stream of frames.
  ///
  /// @param deflate the event loop's, or null if permessage-deflate was not agreed on
  public FrameDecoder(FrameLimits limits, @Nullable Deflate deflate) {
    this.limits = limits;
    this.deflate = deflate;
  }

  /// Reads all readable bytes; changes them where they lie, and does not release `in`.
  ///
  /// @throws FrameException if the client broke a rule; the decoder has then ended and ignores what
  ///   follows
  public void decode(ByteBuf in, FrameHandler out) {
    try {
      while (in.isReadable() && state != ENDED) {
        step(in, out);
      }
      in.skipBytes(in.readableBytes());
    } catch (FrameException e) {
      end();
      throw e;
    }
  }

  /// Whether a frame or message has begun and not ended. Who sees this stay true for too long ends
  /// the connection.
  public boolean unfinished() {
    return state != ENDED && (state != FIRST || kind != 0);
  }

  /// Whether a data message has begun and not ended.
  boolean inMessage() {
    return kind != 0;
  }

  /// Whether the client's Close, an error or [#end()] made the decoder deaf.
  public boolean ended() {
    return state == ENDED;
  }

  /// Gives back what is held and ignores all further bytes.
  public void end() {
    state = ENDED;
    if (message != null) {
      message.release();
      message = null;
    }
    if (control != null) {
      control.release();
      control = null;
    }
  }

  private void step(ByteBuf in, FrameHandler out) {
    switch (state) {
      case FIRST -> first(in.readByte());
      case SECOND -> second(in.readByte());
      case SIZE_16, SIZE_64 -> size(in.readByte());
      case KEY -> key(in, out);
      default -> payload(in, out);
    }
  }

  private void first(byte octet) {
    if ((octet & Opcode.RSV2_RSV3) != 0) {
      throw protocol("RSV2 or RSV3 is set");
    }
    switch (octet & Opcode.OPCODE) {
      case Opcode.CONTINUATION -> continuation(octet);
      case Opcode.TEXT, Opcode.BINARY -> newMessage(octet);
      case Opcode.CLOSE, Opcode.PING, Opcode.PONG -> control(octet);
      default -> throw protocol("reserved opcode");
    }
    head = octet;
    state = SECOND;
  }

  private void continuation(byte octet) {
    if (kind == 0) {
      throw protocol("continuation without a message");
    }
    if ((octet & Opcode.RSV1) != 0) {
      throw protocol("RSV1 is set on a continuation");
    }
    if (++fragments > limits.fragments()) {
      throw policy("too many fragments");
    }
  }

  private void newMessage(byte octet) {
    if (kind != 0) {
      throw protocol("new message inside a message");
    }
    if ((octet & Opcode.RSV1) != 0 && deflate == null) {
      throw protocol("RSV1 is set without an extension");
    }
    kind = (byte) (octet & (Opcode.RSV1 | Opcode.OPCODE));
    utf8 = Utf8.START;
    fragments = 1;
  }

  private static void control(byte octet) {
    if ((octet & Opcode.FIN) == 0) {
      throw protocol("fragmented control frame");
    }
    if ((octet & Opcode.RSV1) != 0) {
      throw protocol("RSV1 is set on a control frame");
    }
  }

  private void second(byte octet) {
    if ((octet & MASKED) == 0) {
      throw protocol("frame is not masked");
    }
    int length = octet & LENGTH;
    if (Opcode.isControl(head) && length > CONTROL_BYTES) {
      throw protocol("control frame is too long");
    }
    switch (length) {
      case LENGTH_16 -> expectSize(SIZE_16, Short.BYTES);
      case LENGTH_64 -> expectSize(SIZE_64, Long.BYTES);
      default -> expectKey(length);
    }
  }

  private void expectSize(byte next, int bytes) {
    left = 0;
    headerBytes = (byte) bytes;
    state = next;
  }

  private void size(byte octet) {
    if (headerBytes == Long.BYTES && octet < 0) {
      throw protocol("length has its top bit set");
    }
    left = (left << Byte.SIZE) | (octet & 0xFF);
    if (--headerBytes > 0) {
      return;
    }
    if (left <= (state == SIZE_64 ? 0xFFFF : CONTROL_BYTES)) {
      throw protocol("length is not in its shortest form");
    }
    expectKey(left);
  }

  private void expectKey(long length) {
    if (Opcode.isControl(head)) {
      if ((head & Opcode.OPCODE) == Opcode.CLOSE && length == 1) {
        throw protocol("close body of one byte");
      }
    } else {
      checkSize(length);
    }
    left = length;
    mask = 0;
    headerBytes = Integer.BYTES;
    state = KEY;
  }

  private void checkSize(long length) {
    if (length > limits.frameBytes()) {
      throw tooBig("frame is too big");
    }
    if (length + (message == null ? 0 : message.readableBytes()) > limits.messageBytes()) {
      throw tooBig("message is too big");
    }
  }

  private void key(ByteBuf in, FrameHandler out) {
    mask = (mask << Byte.SIZE) | in.readUnsignedByte();
    if (--headerBytes > 0) {
      return;
    }
    state = PAYLOAD;
    if (left == 0) {
      chunk(Unpooled.EMPTY_BUFFER, out);
    }
  }

  private void payload(ByteBuf in, FrameHandler out) {
    int length = (int) Math.min(left, in.readableBytes());
    mask = Mask.remove(in, length, mask);
    left -= length;
    chunk(in.readSlice(length), out);
  }

  /// @param chunk unmasked; the rest of the frame if `left` is 0
  private void chunk(ByteBuf chunk, FrameHandler out) {
    if (left == 0) {
      state = FIRST;
    }
    if (Opcode.isControl(head)) {
      controlChunk(chunk, out);
      return;
    }
    if (kind == Opcode.TEXT) {
      utf8 = Utf8.check(utf8, chunk);
      if (utf8 == Utf8.BAD) {
        throw badData("text is not UTF-8");
      }
    }
    if (left == 0 && (head & Opcode.FIN) != 0) {
      lastChunk(chunk, out);
    } else if (chunk.isReadable()) {
      message = append(message, chunk);
    }
  }

  private void lastChunk(ByteBuf chunk, FrameHandler out) {
    if (message == null) {
      deliver(chunk, out);
      return;
    }
    ByteBuf whole = append(message, chunk);
    message = null;
    try {
      deliver(whole, out);
    } finally {
      whole.release();
    }
  }

  private void deliver(ByteBuf whole, FrameHandler out) {
    int delivered = kind;
    kind = 0;
    if ((delivered & Opcode.RSV1) != 0 && deflate != null) {
      inflate(delivered & Opcode.OPCODE, whole, deflate, out);
    } else if (delivered == Opcode.TEXT) {
      if (utf8 != Utf8.START) {
        throw badData("text ends inside a character");
      }
      out.text(whole);
    } else {
      out.binary(whole);
    }
  }

  private void inflate(int opcode, ByteBuf compressed, Deflate inflater, FrameHandler out) {
    if (!out.wantsMessages()) {
      return;
    }
    ByteBuf whole = inflater.inflate(compressed, limits.messageBytes());
    try {
      if (opcode == Opcode.BINARY) {
        out.binary(whole);
        return;
      }
      if (Utf8.check(Utf8.START, whole) != Utf8.START) {
        throw badData("text is not UTF-8");
      }
      out.text(whole);
    } finally {
      whole.release();
    }
  }

  private void controlChunk(ByteBuf chunk, FrameHandler out) {
    if (left > 0) {
      control = append(control, chunk);
      return;
    }
    if (control == null) {
      controlFrame(chunk, out);
      return;
    }
    ByteBuf whole = append(control, chunk);
    control = null;
    try {
      controlFrame(whole, out);
    } finally {
      whole.release();
    }
  }

  private void controlFrame(ByteBuf payload, FrameHandler out) {
    switch (head & Opcode.OPCODE) {
      case Opcode.PING -> out.ping(payload);
      case Opcode.PONG -> out.pong(payload);
      default -> close(payload, out);
    }
  }

  private void close(ByteBuf body, FrameHandler out) {
    int code = CloseStatus.NONE;
    if (body.isReadable()) {
      code = body.readUnsignedShort();
      if (!CloseStatus.onWire(code)) {
        throw protocol("close code is not allowed");
      }
      if (Utf8.check(Utf8.START, body) != Utf8.START) {
        throw badData("close reason is not UTF-8");
      }
    }
    end();
    out.close(code, body);
  }

  private static ByteBuf append(@Nullable ByteBuf held, ByteBuf chunk) {
    // It grows with what has arrived, never with what a header promised.
    ByteBuf into = held == null ? chunk.alloc().buffer(Math.max(chunk.readableBytes(), 64)) : held;
    return into.writeBytes(chunk);
  }
}
