package dev.parley.server.gateway.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.MethodSource;

/// Whatever a client sends, decoding ends in frames or in one refusal, gives every buffer back and
/// does not care how TCP cut the bytes.
///
/// The Jazzer tests replay their seeds and findings; `JAZZER_FUZZ=1` makes the one that is run
/// search for new ones.
class FrameFuzzTest {
  private static final FrameLimits LIMITS = new FrameLimits(300, 500, 6);
  private static final int INPUTS = 40_000;

  private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true);
  private final Deflate deflate = new Deflate(allocator);

  static Stream<byte[]> streams() {
    byte[] hello = {(byte) 0xf2, 0x48, (byte) 0xcd, (byte) 0xc9, (byte) 0xc9, 0x07, 0x00};
    return Stream.of(
        new ClientFrames().text("héllo €😀").close(1000, "bye").bytes(),
        new ClientFrames()
            .frame(0x01, (byte) 0xE2)
            .ping("p")
            .frame(0x80, (byte) 0x82, (byte) 0xAC)
            .bytes(),
        new ClientFrames()
            .frame(0x02, new byte[200])
            .frame(0x00)
            .frame(0x80, new byte[126])
            .bytes(),
        new ClientFrames().frame(0xC1, hello).frame(0x42, hello).frame(0x80).bytes(),
        new ClientFrames().frame(0x8A, new byte[125]).frame(0x88).bytes(),
        new ClientFrames().header(0x82, 70_000).bytes());
  }

  static Stream<byte[]> deflated() {
    return Stream.of(
        new byte[] {(byte) 0xf2, 0x48, (byte) 0xcd, (byte) 0xc9, (byte) 0xc9, 0x07, 0x00},
        new byte[] {0x00, 0x05, 0x00, (byte) 0xfa, (byte) 0xff, 0x48, 0x65, 0x6c, 0x6c, 0x6f, 0x00},
        new byte[] {(byte) 0xf3, 0x48, (byte) 0xcd, (byte) 0xc9, (byte) 0xc9, 0x07, 0x00, 0x00},
        new byte[] {0x03, 0x00, 0x03, 0x00},
        new byte[] {});
  }

  @MethodSource("streams")
  @FuzzTest(maxDuration = "10s")
  void decodingIsTotalAndIndependentOfCuts(byte[] stream) {
    decode(stream, new Random(Arrays.hashCode(stream)));
  }

  @MethodSource("deflated")
  @FuzzTest(maxDuration = "10s")
  void inflatingIsTotal(byte[] data) {
    inflate(data);
  }

  @Test
  void mutatedStreamsDoNoHarm() {
    var random = new Random(20_261_121);
    var seeds = streams().toList();
    for (int i = 0; i < INPUTS; i++) {
      decode(mutated(random, seeds.get(random.nextInt(seeds.size()))), random);
    }
  }

  @Test
  void mutatedCompressionDoesNoHarm() {
    var random = new Random(20_261_121);
    var seeds = deflated().toList();
    for (int i = 0; i < INPUTS; i++) {
      inflate(mutated(random, seeds.get(random.nextInt(seeds.size()))));
    }
  }

  @Test
  void whatIsCompressedComesBack() {
    var random = new Random(20_261_121);
    for (int i = 0; i < 300; i++) {
      byte[] payload = new byte[200 + random.nextInt(1 << (8 + random.nextInt(9)))];
      int letters = 1 + random.nextInt(20);
      for (int at = 0; at < payload.length; at++) {
        payload[at] = (byte) ('a' + random.nextInt(letters));
      }
      Optional<ByteBuf> frame = deflate.binary(Unpooled.wrappedBuffer(payload));
      if (frame.isPresent()) {
        ByteBuf back = deflate.inflate(payloadOf(frame.get()), payload.length);
        assertThat(back).isEqualTo(Unpooled.wrappedBuffer(payload));
        back.release();
        frame.get().release();
      }
    }
    assertNothingIsHeld();
  }

  private static ByteBuf payloadOf(ByteBuf frame) {
    int length = frame.getByte(frame.readerIndex() + 1);
    return frame.skipBytes(length == 126 ? 4 : length == 127 ? 10 : 2);
  }

  private void decode(byte[] stream, Random cuts) {
    var whole =
        HeardFrames.decode(new FrameDecoder(LIMITS, deflate), stream, Math.max(1, stream.length));
    var decoder = new FrameDecoder(LIMITS, deflate);
    var heard = new HeardFrames(allocator);
    for (int at = 0; at < stream.length; ) {
      int length = Math.min(stream.length - at, 1 + cuts.nextInt(20));
      heard.feed(decoder, stream, at, length);
      at += length;
    }
    decoder.end();
    assertThat(heard.heard).isEqualTo(whole);
    for (int i = 0; i < whole.size(); i++) {
      if (whole.get(i).startsWith("fail") || whole.get(i).startsWith("close")) {
        assertThat(i).as("nothing is heard after the end").isEqualTo(whole.size() - 1);
      }
    }
    assertNothingIsHeld();
  }

  private void inflate(byte[] data) {
    try {
      ByteBuf whole = deflate.inflate(Unpooled.wrappedBuffer(data), 5000);
      assertThat(whole.readableBytes()).isLessThanOrEqualTo(5000);
      whole.release();
    } catch (FrameException expected) {
      assertThat(expected.code().number()).isIn(1007, 1009);
    }
    assertNothingIsHeld();
  }

  private void assertNothingIsHeld() {
    assertThat(allocator.metric().usedDirectMemory()).isZero();
    assertThat(allocator.metric().usedHeapMemory()).isZero();
  }

  private static byte[] mutated(Random random, byte[] seed) {
    byte[] bytes = Arrays.copyOf(seed, Math.max(1, seed.length));
    for (int edits = 1 + random.nextInt(4); edits > 0; edits--) {
      int at = random.nextInt(bytes.length);
      switch (random.nextInt(4)) {
        case 0 -> bytes[at] = (byte) random.nextInt(256);
        case 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        case 2 -> bytes = Arrays.copyOf(bytes, bytes.length + random.nextInt(9));
        default -> bytes = Arrays.copyOf(bytes, Math.max(1, at));
      }
    }
    return bytes;
  }
}
