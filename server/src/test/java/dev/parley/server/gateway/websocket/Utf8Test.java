package dev.parley.server.gateway.websocket;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class Utf8Test {
  private final CharsetDecoder jdk = UTF_8.newDecoder();
  private final CharBuffer chars = CharBuffer.allocate(64);

  /// What the JDK's decoder thinks: bad, good, or good so far.
  private String jdkSays(byte[] bytes) {
    jdk.reset();
    chars.clear();
    var in = ByteBuffer.wrap(bytes);
    CoderResult result = jdk.decode(in, chars, false);
    if (result.isError()) {
      return "bad";
    }
    return in.hasRemaining() ? "so far" : "good";
  }

  private static String weSay(byte[] bytes) {
    int state = Utf8.check(Utf8.START, Unpooled.wrappedBuffer(bytes));
    return state == Utf8.BAD ? "bad" : state == Utf8.START ? "good" : "so far";
  }

  @Test
  void agreesWithTheJdkOnAllPairsAndManyQuads() {
    for (int pair = 0; pair < 1 << 16; pair++) {
      assertSame(new byte[] {(byte) (pair >> 8), (byte) pair});
    }
    var random = new Random(11);
    for (int i = 0; i < 500_000; i++) {
      byte[] quad = new byte[4];
      random.nextBytes(quad);
      quad[0] |= (byte) 0xC0;
      for (int at = 1; at < 4; at++) {
        quad[at] = (byte) (random.nextInt(8) == 0 ? quad[at] : 0x80 | quad[at] & 0x3F);
      }
      assertSame(quad);
    }
  }

  private void assertSame(byte[] bytes) {
    String ours = weSay(bytes);
    String jdks = jdkSays(bytes);
    if (ours.equals("bad") && jdks.equals("so far")) {
      // The JDK looks at a surrogate only when it is whole; we say so as soon as nothing can save
      // it.
      assertThat(jdkSays(followedBy(bytes, 0x80))).isEqualTo("bad");
      assertThat(jdkSays(followedBy(bytes, 0xBF))).isEqualTo("bad");
      return;
    }
    if (!ours.equals(jdks)) {
      assertThat(ours).as(Arrays.toString(bytes)).isEqualTo(jdks);
    }
  }

  private static byte[] followedBy(byte[] bytes, int octet) {
    byte[] longer = Arrays.copyOf(bytes, bytes.length + 1);
    longer[bytes.length] = (byte) octet;
    return longer;
  }

  @Test
  void knowsEveryCodePoint() {
    for (int point = 0; point <= Character.MAX_CODE_POINT; point++) {
      if (point < Character.MIN_SURROGATE || point > Character.MAX_SURROGATE) {
        ByteBuf bytes = Unpooled.wrappedBuffer(Character.toString(point).getBytes(UTF_8));
        if (Utf8.check(Utf8.START, bytes) != Utf8.START) {
          assertThat(point).as("refused").isNull();
        }
      }
    }
  }

  @Test
  void findsABadByteAtEveryOffset() {
    for (int offset = 0; offset < 40; offset++) {
      byte[] bytes = "a".repeat(40).getBytes(UTF_8);
      bytes[offset] = (byte) 0xFF;
      assertThat(weSay(bytes)).isEqualTo("bad");
    }
  }
}
