package dev.parley.server.gateway.websocket;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.io.ByteArrayOutputStream;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.Deflater;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DeflateTest {
  private final PooledByteBufAllocator allocator = new PooledByteBufAllocator(true);
  private final Deflate deflate = new Deflate(allocator);

  @AfterEach
  void everythingIsGivenBack() {
    assertThat(
            allocator.metric().directArenas().stream()
                .mapToLong(a -> a.numActiveAllocations())
                .sum())
        .isZero();
    deflate.close();
  }

  private static byte[] compressed(byte[] message, int flush, boolean cut) {
    var deflater = new Deflater(9, true);
    deflater.setInput(message);
    if (flush == Deflater.FULL_FLUSH) {
      deflater.finish();
    }
    var out = new ByteArrayOutputStream();
    byte[] step = new byte[1024];
    int length;
    while ((length = deflater.deflate(step, 0, step.length, Deflater.SYNC_FLUSH)) > 0) {
      out.write(step, 0, length);
    }
    deflater.end();
    byte[] bytes = out.toByteArray();
    return cut ? Arrays.copyOf(bytes, bytes.length - 4) : bytes;
  }

  private String inflated(byte[] compressed) {
    ByteBuf whole = deflate.inflate(Unpooled.wrappedBuffer(compressed), 1 << 20);
    try {
      return whole.toString(UTF_8);
    } finally {
      whole.release();
    }
  }

  @Test
  void inflatesTheRfcsExamples() {
    assertThat(inflated(octets(0xf2, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00))).isEqualTo("Hello");
    assertThat(inflated(octets(0x00, 0x05, 0x00, 0xfa, 0xff, 0x48, 0x65, 0x6c, 0x6c, 0x6f, 0x00)))
        .as("stored block")
        .isEqualTo("Hello");
    assertThat(inflated(octets(0xf3, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00, 0x00)))
        .as("final block")
        .isEqualTo("Hello");
    assertThat(
            inflated(
                octets(
                    0xf2, 0x48, 0x05, 0x00, 0x00, 0x00, 0xff, 0xff, 0xca, 0xc9, 0xc9, 0x07, 0x00)))
        .as("two blocks")
        .isEqualTo("Hello");
    assertThat(inflated(octets(0x00))).as("empty").isEmpty();
  }

  private static byte[] octets(int... octets) {
    byte[] bytes = new byte[octets.length];
    for (int i = 0; i < octets.length; i++) {
      bytes[i] = (byte) octets[i];
    }
    return bytes;
  }

  @Test
  void framesComeBackAsTheyWere() {
    var random = new Random(7);
    for (int length : new int[] {200, 1000, 4095, 4096, 4097, 20_000, 70_000, 300_000}) {
      byte[] message = new byte[length];
      for (int i = 0; i < length; i++) {
        message[i] = (byte) ('a' + random.nextInt(4));
      }
      ByteBuf frame = deflate.text(Unpooled.wrappedBuffer(message)).orElseThrow();
      assertThat(frame.readUnsignedByte()).isEqualTo((short) 0xC1);
      int size = frame.readUnsignedByte();
      frame.skipBytes(size == 126 ? 2 : size == 127 ? 8 : 0);
      ByteBuf whole = deflate.inflate(frame, 1 << 20);
      assertThat(whole.readableBytes()).isEqualTo(length);
      assertThat(whole).isEqualTo(Unpooled.wrappedBuffer(message));
      whole.release();
      frame.release();
    }
  }

  @Test
  void compressesOnlyWhatGains() {
    assertThat(deflate.text(Unpooled.wrappedBuffer("a".repeat(199).getBytes(UTF_8)))).isEmpty();
    byte[] noise = new byte[2000];
    new Random(1).nextBytes(noise);
    assertThat(deflate.binary(Unpooled.wrappedBuffer(noise))).isEmpty();
  }

  @Test
  void stopsABombAtTheLimitAndSoon() {
    byte[] bomb = compressed(new byte[64 << 20], Deflater.SYNC_FLUSH, true);
    var cpu = ManagementFactory.getThreadMXBean();
    long before = cpu.getCurrentThreadCpuTime();
    assertThatThrownBy(() -> deflate.inflate(Unpooled.wrappedBuffer(bomb), 64 * 1024))
        .isInstanceOfSatisfying(
            FrameException.class, e -> assertThat(e.code().number()).isEqualTo(1009));
    assertThat(Duration.ofNanos(cpu.getCurrentThreadCpuTime() - before))
        .isLessThan(Duration.ofMillis(50));
  }

  @Test
  void holdsTheLimitToTheByte() {
    byte[] message = new byte[5000];
    byte[] bytes = compressed(message, Deflater.SYNC_FLUSH, true);
    deflate.inflate(Unpooled.wrappedBuffer(bytes), 5000).release();
    assertThatThrownBy(() -> deflate.inflate(Unpooled.wrappedBuffer(bytes), 4999))
        .isInstanceOf(FrameException.class);
  }

  @Test
  void refusesGarbageAndThenWorksOn() {
    for (byte[] garbage :
        new byte[][] {octets(0xFF, 0xFF, 0xFF), octets(0x07), octets(0x05, 0x00, 0x12)}) {
      assertThatThrownBy(() -> deflate.inflate(Unpooled.wrappedBuffer(garbage), 1000))
          .isInstanceOfSatisfying(
              FrameException.class, e -> assertThat(e.code().number()).isEqualTo(1007));
    }
    assertThat(inflated(octets(0xf2, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00))).isEqualTo("Hello");
  }

  @Test
  void manyFinalBlocksCostLittle() {
    byte[] blocks = new byte[60_000];
    for (int i = 0; i < blocks.length; i += 2) {
      blocks[i] = 0x03;
    }
    var cpu = ManagementFactory.getThreadMXBean();
    deflate.inflate(Unpooled.wrappedBuffer(blocks), 1000).release();
    long before = cpu.getCurrentThreadCpuTime();
    deflate.inflate(Unpooled.wrappedBuffer(blocks), 1000).release();
    assertThat(Duration.ofNanos(cpu.getCurrentThreadCpuTime() - before))
        .isLessThan(Duration.ofMillis(50));
  }

  @Test
  void decoderInflatesFragmentsAndChecksText() {
    var limits = new FrameLimits(1000, 1000, 16);
    byte[] hello = compressed("Hello, wörld".getBytes(UTF_8), Deflater.SYNC_FLUSH, true);
    var frames =
        new ClientFrames()
            .frame(0x41, Arrays.copyOf(hello, 3))
            .ping("p")
            .frame(0x80, Arrays.copyOfRange(hello, 3, hello.length))
            .frame(0xC2, octets(0x00))
            .text("plain");
    assertThat(HeardFrames.decode(new FrameDecoder(limits, deflate), frames.bytes(), 3))
        .containsExactly("ping p", "text Hello, wörld", "binary ", "text plain");

    byte[] bad = compressed(octets('a', 0xC3), Deflater.SYNC_FLUSH, true);
    assertThat(
            HeardFrames.decode(
                new FrameDecoder(limits, deflate),
                new ClientFrames().frame(0xC1, bad).bytes(),
                100))
        .containsExactly("fail 1007");
    assertThat(
            HeardFrames.decode(
                new FrameDecoder(limits, deflate),
                new ClientFrames().frame(0x41, hello).frame(0xC0, hello).bytes(),
                100))
        .containsExactly("fail 1002");
    byte[] bomb = compressed(new byte[100_000], Deflater.SYNC_FLUSH, true);
    assertThat(
            HeardFrames.decode(
                new FrameDecoder(limits, deflate),
                new ClientFrames().frame(0xC2, bomb).bytes(),
                100))
        .containsExactly("fail 1009");
  }
}
