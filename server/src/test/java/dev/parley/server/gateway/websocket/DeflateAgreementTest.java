package dev.parley.server.gateway.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DeflateAgreementTest {
  private static final String ALWAYS =
      "permessage-deflate; server_no_context_takeover; client_no_context_takeover";

  private static String answer(String... offers) {
    return DeflateAgreement.negotiate(Arrays.asList(offers))
        .map(DeflateAgreement::header)
        .orElse("none");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "permessage-deflate",
        "permessage-deflate; client_max_window_bits",
        "permessage-deflate;client_max_window_bits=8",
        "permessage-deflate; client_max_window_bits = \"15\"",
        "permessage-deflate; server_no_context_takeover; client_no_context_takeover",
        "x-webkit-deflate-frame, permessage-deflate",
        "x-other; a=\"b\"; c, permessage-deflate",
        "permessage-deflate; mode=fast, permessage-deflate",
        "  permessage-deflate  ",
      })
  void agrees(String offer) {
    assertThat(answer(offer)).isEqualTo(ALWAYS);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ",",
        "permessage-deflate;",
        "permessage-deflate; ;",
        "permessage-deflate; mode=fast",
        "permessage-deflate; server_no_context_takeover=1",
        "permessage-deflate; server_no_context_takeover; server_no_context_takeover",
        "permessage-deflate; server_max_window_bits",
        "permessage-deflate; server_max_window_bits=7",
        "permessage-deflate; server_max_window_bits=16",
        "permessage-deflate; server_max_window_bits=08",
        "permessage-deflate; server_max_window_bits=1e1",
        "permessage-deflate; client_max_window_bits=0",
        "permessage-deflate; client_max_window_bits=\"\"",
        "permessage-deflate; client_max_window_bits=\"1",
        "Permessage-deflate x",
        "permessage-bzip2",
      })
  void declines(String offer) {
    assertThat(answer(offer)).isEqualTo("none");
  }

  @ParameterizedTest
  @CsvSource({"8,256,257", "9,512,513", "14,16384,16385"})
  void servesSmallWindowsWithSmallMessages(int bits, int fits, int tooBig) {
    var agreed =
        DeflateAgreement.negotiate(List.of("permessage-deflate; server_max_window_bits=" + bits))
            .orElseThrow();
    assertThat(agreed.header()).isEqualTo(ALWAYS + "; server_max_window_bits=" + bits);
    assertThat(agreed.fits(fits)).isTrue();
    assertThat(agreed.fits(tooBig)).isFalse();
  }

  @Test
  void servesAnyMessageWithTheFullWindow() {
    assertThat(
            DeflateAgreement.negotiate(List.of("permessage-deflate")).orElseThrow().fits(1 << 30))
        .isTrue();
  }

  @Test
  void readsSeveralHeaders() {
    assertThat(answer("permessage-deflate; mode=fast", "permessage-deflate")).isEqualTo(ALWAYS);
    assertThat(answer()).isEqualTo("none");
  }

  @Test
  void parsesALongHeaderInLinearTime() {
    assertThat(answer("permessage-deflate" + "; a=b".repeat(10_000) + "\"")).isEqualTo("none");
    assertThat(answer("a ".repeat(10_000))).isEqualTo("none");
  }
}
