package dev.parley.server.gateway.websocket;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/// permessage-deflate (RFC 7692) with one compressor and one decompressor for all connections of an
/// event loop.
///
/// Both sides always agree on no context takeover, so a compressed message depends on nothing
/// before it: it is made once and sent to everybody, and a connection keeps no window (the usual
/// price is about 300 KB each).
///
/// Event loop only. [#close] gives the native memory back.
public final class Deflate implements AutoCloseable {
  /// A smaller payload is not worth compressing: the gain is under a TCP header and the price is a
  /// few microseconds.
  public static final int THRESHOLD_BYTES = 200;

  /// Every flushed block ends with these four bytes, which RFC 7692 §7.2.1 leaves out on the wire.
  private static final byte[] TAIL = {0, 0, -1, -1};

  private static final int LEVEL = 6;
  private static final int STEP_BYTES = 4096;

  private final ByteBufAllocator allocator;
  private final Deflater deflater = new Deflater(LEVEL, true);
  private final Inflater inflater = new Inflater(true);

  public Deflate(ByteBufAllocator allocator) {
    this.allocator = allocator;
  }

  /// A compressed text frame, or empty if that would not be smaller than a plain one.
  ///
  /// @param payload is read, its index does not move
  public Optional<ByteBuf> text(ByteBuf payload) {
    return frame(payload, Opcode.FIN | Opcode.RSV1 | Opcode.TEXT);
  }

  /// A compressed binary frame, or empty if that would not be smaller than a plain one.
  ///
  /// @param payload is read, its index does not move
  public Optional<ByteBuf> binary(ByteBuf payload) {
    return frame(payload, Opcode.FIN | Opcode.RSV1 | Opcode.BINARY);
  }

  /// The message that was compressed into these bytes, as a new buffer that the caller releases.
  ///
  /// @param limitBytes inflating stops as soon as there would be more
  /// @throws FrameException 1007 if this is not a deflate stream, 1009 at the limit
  ByteBuf inflate(ByteBuf compressed, int limitBytes) {
    ByteBuf out = allocator.buffer(Math.min(limitBytes, compressed.readableBytes() * 4 + 64));
    try {
      inflater.reset();
      inflate(compressed.nioBuffer(), out, limitBytes);
      inflate(ByteBuffer.wrap(TAIL), out, limitBytes);
      return out;
    } catch (DataFormatException e) {
      out.release();
      throw FrameException.badData("not a deflate stream");
    } catch (RuntimeException e) {
      out.release();
      throw e;
    }
  }

  @Override
  public void close() {
    deflater.end();
    inflater.end();
  }

  private Optional<ByteBuf> frame(ByteBuf payload, int head) {
    int length = payload.readableBytes();
    if (length < THRESHOLD_BYTES) {
      return Optional.empty();
    }
    ByteBuf frame = FrameEncoder.open(allocator, length);
    deflate(payload.nioBuffer(), frame);
    if (frame.readableBytes() >= length) {
      frame.release();
      return Optional.empty();
    }
    return Optional.of(FrameEncoder.seal(frame, head));
  }

  private void deflate(ByteBuffer input, ByteBuf out) {
    deflater.reset();
    deflater.setInput(input);
    int written;
    do {
      out.ensureWritable(STEP_BYTES);
      written = deflater.deflate(free(out), Deflater.SYNC_FLUSH);
      out.writerIndex(out.writerIndex() + written);
    } while (written == STEP_BYTES);
    out.writerIndex(out.writerIndex() - TAIL.length);
  }

  private void inflate(ByteBuffer input, ByteBuf out, int limitBytes) throws DataFormatException {
    inflater.setInput(input);
    while (true) {
      out.ensureWritable(1);
      int read = inflater.inflate(free(out));
      out.writerIndex(out.writerIndex() + read);
      if (out.readableBytes() > limitBytes) {
        throw FrameException.tooBig("message is too big");
      }
      if (inflater.finished() && input.hasRemaining()) {
        // A final block may come before the end of the message (RFC 7692 §7.2.3.4); what follows
        // starts anew.
        inflater.reset();
        inflater.setInput(input);
      } else if (read == 0) {
        refuseDictionary();
        return;
      }
    }
  }

  private void refuseDictionary() throws DataFormatException {
    if (inflater.needsDictionary()) {
      throw new DataFormatException("a dictionary is asked for");
    }
  }

  /// The next bytes to write. At most one step, so that a bomb is noticed soon after the limit.
  private static ByteBuffer free(ByteBuf out) {
    return out.nioBuffer(out.writerIndex(), Math.min(out.writableBytes(), STEP_BYTES));
  }
}
