package dev.parley.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.MethodSource;

/// Whatever arrives, decoding answers with a command, with nothing, or with a refusal: no other
/// exception, and what was read survives being written.
///
/// The Jazzer test replays its seeds and findings; `JAZZER_FUZZ=1` makes it search for new ones.
class CommandFuzzTest {
  private static final long SEED = 20_260_301;
  private static final int INPUTS = 40_000;

  static Stream<byte[]> seeds() {
    return Samples.commands().map(CommandCodec::encode);
  }

  @MethodSource("seeds")
  @FuzzTest(maxDuration = "10s")
  void decodeNeverFailsOtherwise(byte[] data) {
    decode(new String(data, UTF_8));
  }

  @Test
  void mutationsOfValidCommandsDoNoHarm() {
    var random = new Random(SEED);
    var texts = Samples.commands().map(CommandCodec::encode).toList();
    for (int i = 0; i < INPUTS; i++) {
      decode(mutated(random, texts));
    }
  }

  @Test
  void mutationsOfValidEventsDoNoHarm() {
    var random = new Random(SEED);
    var texts = Samples.events().map(EventCodec::encode).toList();
    for (int i = 0; i < INPUTS; i++) {
      decodeEvent(mutated(random, texts));
    }
  }

  private static String mutated(Random random, List<byte[]> texts) {
    var bytes = texts.get(random.nextInt(texts.size())).clone();
    for (int edits = 1 + random.nextInt(4); edits > 0; edits--) {
      bytes = mutate(random, bytes);
    }
    return new String(bytes, UTF_8);
  }

  private static byte[] mutate(Random random, byte[] bytes) {
    if (bytes.length == 0) {
      return bytes;
    }
    int at = random.nextInt(bytes.length);
    switch (random.nextInt(5)) {
      case 0 -> bytes[at] = (byte) random.nextInt(256);
      case 1 -> bytes[at] = (byte) "{}[]\",:0e-\\tnfu".charAt(random.nextInt(15));
      case 2 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
      case 3 -> bytes = Arrays.copyOf(bytes, at);
      default -> System.arraycopy(bytes, 0, bytes, at, bytes.length - at);
    }
    return bytes;
  }

  private static void decode(String text) {
    try {
      CommandCodec.decode(text).ifPresent(CommandFuzzTest::survives);
    } catch (MalformedFrameException expected) {
      assertThat(expected.reason()).isNotEmpty();
    }
  }

  private static void survives(ClientCommand command) {
    var again = CommandCodec.decode(new String(CommandCodec.encode(command), UTF_8));
    assertThat(again).contains(command);
  }

  private static void decodeEvent(String text) {
    try {
      EventCodec.decode(text);
    } catch (MalformedFrameException expected) {
      assertThat(expected.reason()).isNotEmpty();
    }
  }
}
