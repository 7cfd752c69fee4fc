package dev.parley.server.gateway.websocket;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Rows of RFC 6455 and of the wire attacks that the frame layer must hold.
class FrameDecoderTest {
  private static final FrameLimits LIMITS = new FrameLimits(70_000, 100_000, 16);

  private static List<String> decode(ClientFrames frames) {
    byte[] bytes = frames.bytes();
    var whole = HeardFrames.decode(decoder(), bytes, bytes.length);
    assertThat(HeardFrames.decode(decoder(), bytes, 1)).as("byte by byte").isEqualTo(whole);
    return whole;
  }

  private static FrameDecoder decoder() {
    return new FrameDecoder(LIMITS, null);
  }

  private static ClientFrames frames() {
    return new ClientFrames();
  }

  @Test
  void hearsTheRfcsExamples() {
    assertThat(
            decode(frames().raw(0x81, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58)))
        .containsExactly("text Hello");
    assertThat(
            decode(frames().frame(0x01, "Hel".getBytes(UTF_8)).frame(0x80, "lo".getBytes(UTF_8))))
        .containsExactly("text Hello");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3, 4, 5, 7, 8, 9, 15, 125, 126, 127, 255, 65_535, 65_536, 70_000})
  void hearsEveryLength(int length) {
    String text = "abcdefg".repeat(length / 7 + 1).substring(0, length);
    assertThat(decode(frames().text(text).text("after")))
        .containsExactly("text " + text, "text after");
  }

  @Test
  void hearsControlFramesInsideAMessage() {
    var heard =
        decode(
            frames()
                .frame(0x01, "a".getBytes(UTF_8))
                .ping("p1")
                .frame(0x00, "b".getBytes(UTF_8))
                .frame(0x8A, "q".getBytes(UTF_8))
                .frame(0x00)
                .frame(0x80, "c".getBytes(UTF_8))
                .close(1000, "bye"));
    assertThat(heard).containsExactly("ping p1", "pong q", "text abc", "close 1000 bye");
  }

  @Test
  void hearsAMessageOfEmptyFragments() {
    assertThat(decode(frames().frame(0x01).frame(0x00).frame(0x80))).containsExactly("text ");
    assertThat(decode(frames().frame(0x02).frame(0x80, (byte) 7))).containsExactly("binary 07");
  }

  @Test
  void handsOutAWholeFrameWithoutACopy() {
    ByteBuf in = Unpooled.directBuffer().writeBytes(frames().text("in place").bytes());
    var seen = new ArrayList<Long>();
    decoder()
        .decode(
            in,
            new FrameHandler() {
              @Override
              public void text(ByteBuf message) {
                seen.add(message.memoryAddress() + message.readerIndex());
              }

              @Override
              public void binary(ByteBuf message) {}

              @Override
              public void ping(ByteBuf payload) {}

              @Override
              public void pong(ByteBuf payload) {}

              @Override
              public void close(int code, ByteBuf reason) {}
            });
    assertThat(seen).containsExactly(in.memoryAddress() + 6);
    in.release();
  }

  static Stream<Arguments> protocolErrors() {
    var rows = new ArrayList<Arguments>();
    rows.add(Arguments.of("unmasked", frames().raw(0x81, 0x01, 'a')));
    rows.add(Arguments.of("RSV1 without extension", frames().frame(0xC1)));
    rows.add(Arguments.of("RSV2", frames().frame(0xA1)));
    rows.add(Arguments.of("RSV3", frames().frame(0x91)));
    for (int opcode : new int[] {3, 4, 5, 6, 7, 11, 12, 13, 14, 15}) {
      rows.add(Arguments.of("opcode " + opcode, frames().frame(0x80 | opcode)));
    }
    rows.add(Arguments.of("fragmented close", frames().frame(0x08)));
    rows.add(Arguments.of("fragmented ping", frames().frame(0x09)));
    rows.add(Arguments.of("fragmented pong", frames().frame(0x0A)));
    rows.add(Arguments.of("ping of 126", frames().frame(0x89, new byte[126])));
    rows.add(Arguments.of("RSV1 on ping", frames().frame(0xC9)));
    rows.add(Arguments.of("continuation without start", frames().frame(0x80)));
    rows.add(Arguments.of("unfinished continuation without start", frames().frame(0x00)));
    rows.add(Arguments.of("text inside a message", frames().frame(0x01).frame(0x81)));
    rows.add(Arguments.of("binary inside a message", frames().frame(0x01).frame(0x02)));
    rows.add(Arguments.of("RSV1 on continuation", frames().frame(0x01).frame(0xC0)));
    rows.add(Arguments.of("close body of one byte", frames().frame(0x88, (byte) 3)));
    rows.add(Arguments.of("125 in 16 bits", frames().raw(0x82, 0xFE, 0, 125)));
    rows.add(
        Arguments.of("65535 in 64 bits", frames().raw(0x82, 0xFF, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF)));
    rows.add(Arguments.of("top bit of 64", frames().raw(0x82, 0xFF, 0x80)));
    IntStream.of(0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65535)
        .forEach(code -> rows.add(Arguments.of("close " + code, frames().close(code, ""))));
    return rows.stream();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("protocolErrors")
  void refusesWithProtocolError(String what, ClientFrames frames) {
    assertThat(decode(frames.text("never heard"))).containsExactly("fail 1002");
  }

  @ParameterizedTest
  @ValueSource(
      ints = {
        1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000,
        4999
      })
  void hearsEveryLegalCloseCode(int code) {
    assertThat(decode(frames().close(code, "r").text("never heard")))
        .containsExactly("close " + code + " r");
  }

  @Test
  void hearsACloseWithoutBody() {
    assertThat(decode(frames().frame(0x88).text("never heard"))).containsExactly("close 1005 ");
  }

  static Stream<Arguments> badTexts() {
    return Stream.of(
        Arguments.of("lone continuation", bytes(0x80)),
        Arguments.of("overlong 2", bytes(0xC0, 0xAF)),
        Arguments.of("overlong 3", bytes(0xE0, 0x80, 0xAF)),
        Arguments.of("overlong 4", bytes(0xF0, 0x80, 0x80, 0xAF)),
        Arguments.of("low surrogate", bytes(0xED, 0xA0, 0x80)),
        Arguments.of("high surrogate", bytes(0xED, 0xBF, 0xBF)),
        Arguments.of("above U+10FFFF", bytes(0xF4, 0x90, 0x80, 0x80)),
        Arguments.of("FE", bytes(0xFE)),
        Arguments.of("FF", bytes(0xFF)),
        Arguments.of("cut 2", bytes(0xC3)),
        Arguments.of("cut 3", bytes(0xE2, 0x82)),
        Arguments.of("cut 4", bytes(0xF0, 0x9F, 0x98)),
        Arguments.of(
            "behind ascii", bytes('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 0xC3, 'x')));
  }

  private static byte[] bytes(int... octets) {
    byte[] bytes = new byte[octets.length];
    for (int i = 0; i < octets.length; i++) {
      bytes[i] = (byte) octets[i];
    }
    return bytes;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("badTexts")
  void refusesBadUtf8(String what, byte[] bad) {
    assertThat(decode(frames().frame(0x81, bad))).as("whole").containsExactly("fail 1007");
    var pieces = frames().frame(0x01, bytes('o', 'k'));
    for (byte octet : bad) {
      pieces.frame(0x00, octet);
    }
    assertThat(decode(pieces.frame(0x80))).as("in fragments").containsExactly("fail 1007");
    byte[] reason = new byte[bad.length + 2];
    reason[0] = 0x03;
    reason[1] = (byte) 0xE8;
    System.arraycopy(bad, 0, reason, 2, bad.length);
    assertThat(decode(frames().frame(0x88, reason))).as("in a reason").containsExactly("fail 1007");
  }

  @Test
  void failsAtTheFirstBadByteBeforeTheFrameEnds() {
    // Autobahn 6.4.3: the second byte of F4 90 cannot be valid, whatever follows.
    var beginning = frames().header(0x81, 1000).masked(bytes('a', 0xF4));
    var decoder = decoder();
    var heard = new HeardFrames();
    byte[] bytes = beginning.bytes();
    assertThat(heard.feed(decoder, bytes, 0, bytes.length)).isTrue();
    assertThat(heard.heard).isEmpty();
    byte[] next = {(byte) (0x90 ^ 0x21)};
    assertThat(heard.feed(decoder, next, 0, 1)).isFalse();
    assertThat(heard.heard).containsExactly("fail 1007");
  }

  @Test
  void hearsCharactersCutAnywhere() {
    String text = "aä€😀 κόσμε \u0000\uD7FF\uE000\uFFFD\uDBFF\uDFFF";
    byte[] utf8 = text.getBytes(UTF_8);
    for (int cut = 0; cut <= utf8.length; cut++) {
      var frames =
          frames()
              .frame(0x01, java.util.Arrays.copyOf(utf8, cut))
              .frame(0x80, java.util.Arrays.copyOfRange(utf8, cut, utf8.length));
      assertThat(decode(frames)).containsExactly("text " + text);
    }
  }

  @Test
  void refusesABigFrameRightAfterItsHeader() {
    assertThat(decode(frames().raw(0x82, 0xFF, 0, 0, 0, 0, 0, 1, 0x11, 0x71)))
        .containsExactly("fail 1009");
    assertThat(decode(frames().raw(0x82, 0xFF, 0, 0, 1, 0, 0, 0, 0, 0)))
        .containsExactly("fail 1009");
  }

  @Test
  void refusesABigMessageRightAfterItsHeader() {
    assertThat(decode(frames().frame(0x02, new byte[60_000]).raw(0x80, 0xFE, 0x9C, 0x41)))
        .containsExactly("fail 1009");
  }

  @Test
  void refusesTooManyFragments() {
    var frames = frames().frame(0x01);
    for (int i = 0; i < 15; i++) {
      frames.frame(0x00);
    }
    assertThat(decode(frames)).isEmpty();
    assertThat(decode(frames.frame(0x80))).containsExactly("fail 1008");
  }

  @Test
  void showsAnUnfinishedMessage() {
    var decoder = decoder();
    var heard = new HeardFrames();
    assertThat(decoder.unfinished()).isFalse();
    heard.feed(decoder, new byte[] {0x01}, 0, 1);
    assertThat(decoder.unfinished()).as("half a header").isTrue();
    byte[] rest = frames().frame(0x01, (byte) 'a').bytes();
    heard.feed(decoder, rest, 1, rest.length - 1);
    assertThat(decoder.unfinished()).as("between fragments").isTrue();
    byte[] ping = frames().ping("p").bytes();
    heard.feed(decoder, ping, 0, ping.length);
    assertThat(decoder.unfinished()).as("after a ping inside").isTrue();
    byte[] last = frames().frame(0x80, (byte) 'b').bytes();
    heard.feed(decoder, last, 0, last.length);
    assertThat(decoder.unfinished()).as("after the last").isFalse();
    assertThat(heard.heard).containsExactly("ping p", "text ab");
  }

  @Test
  void holdsNoBufferWhenNothingIsUnfinished() {
    var allocator = new PooledByteBufAllocator(true);
    var decoder = decoder();
    var heard = new HeardFrames();
    byte[] bytes = frames().frame(0x01, new byte[500]).ping("p").frame(0x80, new byte[500]).bytes();
    for (byte octet : bytes) {
      ByteBuf in = allocator.directBuffer(1).writeByte(octet);
      decoder.decode(in, heard);
      assertThat(in.refCnt()).isEqualTo(1);
      in.release();
    }
    assertThat(heard.heard).hasSize(2);
    assertThat(
            allocator.metric().directArenas().stream()
                .mapToLong(a -> a.numActiveAllocations())
                .sum())
        .isZero();
  }

  @Test
  void hearsTheSameHoweverTheStreamIsCut() {
    for (long seed = 1; seed <= 300; seed++) {
      var random = new Random(seed);
      byte[] stream = randomStream(random);
      var whole = HeardFrames.decode(decoder(), stream, stream.length);
      var decoder = decoder();
      var heard = new HeardFrames();
      for (int at = 0; at < stream.length; ) {
        int length = Math.min(stream.length - at, 1 + random.nextInt(1 + random.nextInt(600)));
        heard.feed(decoder, stream, at, length);
        at += length;
      }
      decoder.end();
      assertThat(heard.heard).as("seed %d", seed).isEqualTo(whole);
    }
  }

  private static byte[] randomStream(Random random) {
    var frames = frames();
    for (int i = random.nextInt(12); i >= 0; i--) {
      byte[] payload = new byte[random.nextInt(random.nextBoolean() ? 10 : 400)];
      for (int at = 0; at < payload.length; at++) {
        payload[at] = (byte) (random.nextInt(400) == 0 ? random.nextInt() : 'a' + at % 26);
      }
      switch (random.nextInt(8)) {
        case 0 -> frames.ping("p" + i);
        case 1 -> frames.frame(0x01, payload).ping("in").frame(0x00).frame(0x80, payload);
        case 2 -> frames.frame(0x82, payload);
        case 3 -> frames.frame(random.nextInt(20) == 0 ? random.nextInt(256) : 0x81, payload);
        default -> frames.frame(0x81, payload);
      }
    }
    return frames.bytes();
  }
}
