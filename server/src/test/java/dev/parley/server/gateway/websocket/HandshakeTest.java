package dev.parley.server.gateway.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HandshakeTest {
  private final Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
  private final Handshake handshake = new Handshake(Set.of("parley.v1", "chat"), true);

  HandshakeTest() {
    set("Host", "server.example.com");
    set("Upgrade", "websocket");
    set("Connection", "Upgrade");
    set("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==");
    set("Sec-WebSocket-Version", "13");
  }

  private void set(String name, String... values) {
    headers.put(name, List.of(values));
  }

  private Handshake.Outcome judge(String method, String version) {
    return handshake.judge(
        new UpgradeRequest(
            method, version, headers.size(), name -> headers.getOrDefault(name, List.of())));
  }

  private Handshake.Accepted accepted() {
    return (Handshake.Accepted) judge("GET", "HTTP/1.1");
  }

  private void refused(int status) {
    assertThat(judge("GET", "HTTP/1.1"))
        .isInstanceOfSatisfying(
            Handshake.Refused.class, r -> assertThat(r.status()).isEqualTo(status));
  }

  @Test
  void acceptsTheRfcsSample() {
    assertThat(new ArrayList<>(accepted().headers().entrySet()))
        .containsExactly(
            Map.entry("Upgrade", "websocket"),
            Map.entry("Connection", "Upgrade"),
            Map.entry("Sec-WebSocket-Accept", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="));
  }

  @Test
  void acceptsWhatBrowsersAndProxiesSend() {
    set("Upgrade", "h2c, WebSocket");
    set("Connection", "keep-alive, Upgrade");
    set("Content-Length", "0");
    assertThat(accepted().subprotocol()).isEmpty();
  }

  @Test
  void choosesTheClientsFirstSubprotocolThatWeSpeak() {
    set("Sec-WebSocket-Protocol", "bearer.abc.def, chat", "parley.v1");
    assertThat(accepted().subprotocol()).contains("chat");
    assertThat(accepted().headers()).containsEntry("Sec-WebSocket-Protocol", "chat");
    set("Sec-WebSocket-Protocol", "other");
    assertThat(accepted().subprotocol()).isEmpty();
    assertThat(accepted().headers()).doesNotContainKey("Sec-WebSocket-Protocol");
  }

  @Test
  void agreesOnDeflateOnlyIfWanted() {
    set("Sec-WebSocket-Extensions", "permessage-deflate; client_max_window_bits");
    assertThat(accepted().headers().get("Sec-WebSocket-Extensions"))
        .startsWith("permessage-deflate");
    var without = new Handshake(Set.of(), false);
    var outcome =
        without.judge(
            new UpgradeRequest(
                "GET", "HTTP/1.1", headers.size(), n -> headers.getOrDefault(n, List.of())));
    assertThat(((Handshake.Accepted) outcome).headers())
        .doesNotContainKey("Sec-WebSocket-Extensions");
  }

  @Test
  void worksWithoutAnExtensionThatIsOfferedBadly() {
    set("Sec-WebSocket-Extensions", "permessage-deflate; server_max_window_bits=99");
    assertThat(accepted().agreement()).isEmpty();
  }

  @Test
  void refusesOtherMethodsAndVersions() {
    assertThat(((Handshake.Refused) judge("POST", "HTTP/1.1")).status()).isEqualTo(405);
    assertThat(((Handshake.Refused) judge("GET", "HTTP/1.0")).status()).isEqualTo(400);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "c2hvcnQ=",
        "dGhlIHNhbXBsZSBub25jZQ",
        "dGhlIHNhbXBsZSBub25jZSE=",
        "dGhl!HNhbXBsZSBub25jZQ=="
      })
  void refusesABadKey(String key) {
    set("Sec-WebSocket-Key", key);
    refused(400);
  }

  @Test
  void refusesNoOrTwoKeys() {
    set("Sec-WebSocket-Key");
    refused(400);
    set("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==", "dGhlIHNhbXBsZSBub25jZQ==");
    refused(400);
  }

  @Test
  void answersAnotherVersionWithOurs() {
    set("Sec-WebSocket-Version", "8");
    refused(426);
    assertThat(((Handshake.Refused) judge("GET", "HTTP/1.1")).headers())
        .containsEntry("Sec-WebSocket-Version", "13");
    set("Sec-WebSocket-Version");
    refused(426);
    set("Sec-WebSocket-Version", "13", "13");
    refused(426);
  }

  @Test
  void refusesWhatIsNoUpgrade() {
    set("Upgrade");
    refused(426);
    set("Upgrade", "websocket");
    set("Connection", "keep-alive");
    refused(400);
  }

  @Test
  void refusesTooManyHeaders() {
    for (int i = headers.size(); i < 100; i++) {
      set("X-" + i, "x");
    }
    accepted();
    set("X-100", "x");
    refused(431);
  }

  @Test
  void refusesABodyAndABadHost() {
    set("Content-Length", "3");
    refused(400);
    set("Content-Length");
    set("Transfer-Encoding", "chunked");
    refused(400);
    set("Transfer-Encoding");
    set("Host");
    refused(400);
    set("Host", "a", "b");
    refused(400);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a b", "", "a,,b", "a,a", "a;b", "a\"b"})
  void refusesABadListOfSubprotocols(String value) {
    set("Sec-WebSocket-Protocol", value);
    refused(400);
  }
}
