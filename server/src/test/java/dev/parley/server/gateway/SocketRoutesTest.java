package dev.parley.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.parley.server.gateway.SocketRoute.Accept;
import dev.parley.server.gateway.SocketRoute.AcceptRaw;
import dev.parley.server.gateway.SocketRoute.Policy;
import dev.parley.server.gateway.websocket.EchoListener;
import dev.parley.server.gateway.websocket.RawWebSocket;
import dev.parley.server.gateway.websocket.SocketRules;
import dev.parley.server.testing.PostgresExtension;
import dev.parley.server.testing.TestDatabase;
import dev.parley.server.testing.TestServer;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/// What the main port does with requests before a socket is open.
@ExtendWith(PostgresExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class SocketRoutesTest {
  private TestServer server;

  @BeforeAll
  void start(TestDatabase database) {
    server = TestServer.start(database, Map.of());
  }

  @AfterAll
  void stop() {
    server.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/%zz", "/ws/%", "/ws?x=%zz", "/ws/dm?clientId=%c"})
  void whatCannotBeDecodedIsABadRequest(String path) throws IOException {
    try (var socket = new RawWebSocket(server.http().getPort())) {
      assertThat(socket.send(RawWebSocket.request(path)).head()).startsWith("HTTP/1.1 400 ");
    }
  }

  @Test
  void aPlusInAPathIsAPlus() throws IOException {
    try (var http = new RawWebSocket(server.http().getPort())) {
      http.send(
          "POST /api/v1/orgs HTTP/1.1\r\nHost: x\r\nContent-Length: 23\r\n\r\n"
              + "{\"id\":\"a+b\",\"name\":\"P\"}");
      assertThat(http.head()).startsWith("HTTP/1.1 201 ");
    }
    try (var http = new RawWebSocket(server.http().getPort())) {
      http.send(
          "POST /api/v1/orgs/a+b/groups HTTP/1.1\r\nHost: x\r\nContent-Length: 23\r\n\r\n"
              + "{\"id\":\"c+d\",\"name\":\"P\"}");
      assertThat(http.head()).startsWith("HTTP/1.1 201 ");
    }
    try (var socket = new RawWebSocket(server.http().getPort())) {
      socket.open("/ws/orgs/a+b/groups/c+d?clientId=x");
    }
  }

  @Test
  void everyHandshakeHasAnIdAndALineInTheLog() throws IOException {
    var log = (Logger) LoggerFactory.getLogger("dev.parley.access");
    var lines = new ListAppender<ILoggingEvent>();
    lines.start();
    log.addAppender(lines);
    var level = log.getLevel();
    log.setLevel(Level.INFO);
    try (var opened = new RawWebSocket(server.http().getPort());
        var refused = new RawWebSocket(server.http().getPort())) {
      opened.send(
          RawWebSocket.request(
              "/ws", "Sec-WebSocket-Protocol: parley.v1", "X-Request-Id: opened-1"));
      assertThat(opened.head()).startsWith("HTTP/1.1 101 ").contains("X-Request-Id: opened-1");
      refused.send(RawWebSocket.request("/ws?token=secret", "X-Request-Id: refused-1"));
      assertThat(refused.head()).startsWith("HTTP/1.1 401 ").contains("X-Request-Id: refused-1");
      assertThat(lines.list.stream().map(SocketRoutesTest::words))
          .anySatisfy(
              words ->
                  assertThat(words)
                      .containsEntry("request_id", "opened-1")
                      .containsEntry("status", "101")
                      .containsEntry("operation", "/ws"))
          .anySatisfy(
              words ->
                  assertThat(words)
                      .containsEntry("request_id", "refused-1")
                      .containsEntry("status", "401")
                      .containsEntry("query", "token=***"));
    } finally {
      log.setLevel(level);
      log.detachAppender(lines);
    }
  }

  @Test
  void aPolicyIsHeldAgainstWhatAnOpenerDecides() {
    var raw = new AcceptRaw(SocketRules.DEFAULT, EchoListener::new);
    assertThatIllegalStateException().isThrownBy(() -> Policy.TOKEN.check(raw));
    assertThatIllegalStateException()
        .isThrownBy(
            () ->
                Policy.OPEN_REALM.check(
                    new Accept(
                        Optional.empty(),
                        SocketRules.DEFAULT,
                        connection -> {
                          throw new AssertionError();
                        })));
  }

  private static Map<String, String> words(ILoggingEvent event) {
    return event.getKeyValuePairs().stream()
        .collect(Collectors.toMap(pair -> pair.key, pair -> pair.value.toString()));
  }
}
