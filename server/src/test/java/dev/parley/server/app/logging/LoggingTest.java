package dev.parley.server.app.logging;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import dev.parley.server.app.config.LogConfig;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class LoggingTest {
  private static final Logger LOG = LoggerFactory.getLogger(LoggingTest.class);
  private static final String NASTY = "a\r\nb\u0000\u2028\"\\{}\uD83D\uDE00\uD83D\t\u001b[31m";

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final JsonMapper mapper = new JsonMapper();

  @AfterEach
  void quietAgain() {
    var context = (LoggerContext) LoggerFactory.getILoggerFactory();
    context.reset();
    new QuietStart().configure(context);
    Thread.setDefaultUncaughtExceptionHandler(null);
  }

  private List<String> lines(LogConfig.Format format, LogConfig.Level level, Runnable work) {
    try (var log = Logging.open(new LogConfig(format, level), out, false)) {
      work.run();
    }
    return out.toString(UTF_8).lines().toList();
  }

  private JsonNode json(Runnable work) {
    var lines = lines(LogConfig.Format.JSON, LogConfig.Level.INFO, work);
    assertThat(lines).hasSize(1);
    return mapper.readTree(lines.getFirst());
  }

  @Test
  void aLineIsOneJsonObject() {
    var line = json(() -> LOG.info("hello {}", "world"));
    assertThat(line.get("level").asString()).isEqualTo("info");
    assertThat(line.get("message").asString()).isEqualTo("hello world");
    assertThat(line.get("logger").asString()).isEqualTo(LoggingTest.class.getName());
    assertThat(line.get("thread").asString()).isEqualTo(Thread.currentThread().getName());
    assertThat(line.get("time").asString())
        .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{3})?Z");
    assertThat(line.has("failure")).isFalse();
  }

  @Test
  void nothingInAValueBreaksTheLine() {
    var line =
        json(
            () -> {
              MDC.put("request_id", NASTY);
              LOG.atInfo()
                  .addKeyValue(NASTY, NASTY)
                  .setCause(new IOException(NASTY, new IOException()))
                  .log(NASTY);
              MDC.clear();
            });
    assertThat(line.get("message").asString()).startsWith("a\r\nb\u0000\u2028\"\\{}\uD83D\uDE00");
    assertThat(line.get("request_id").asString()).startsWith("a\r\nb");
    assertThat(line.get("failure").asString()).contains("java.io.IOException", "LoggingTest");
  }

  @Test
  void fieldsCannotStandInForOurOwn() {
    var line = json(() -> LOG.atInfo().addKeyValue("level", "forged").log("hello"));
    assertThat(line.get("level").asString()).isEqualTo("info");
    assertThat(line.get("_level").asString()).isEqualTo("forged");
  }

  @Test
  void noPlaceOfALineShowsASecret() {
    lines(
        LogConfig.Format.JSON,
        LogConfig.Level.INFO,
        () -> {
          MDC.put("query", "?token=hunter2");
          LOG.atInfo()
              .addKeyValue("password", "hunter2")
              .addKeyValue("url", "ws://h/ws?token=hunter2")
              .setCause(
                  new IllegalStateException(
                      "token=hunter2", new IOException("Bearer hunter2hunter2")))
              .log("GET /ws?token={}", "hunter2");
          MDC.clear();
        });
    assertThat(out.toString(UTF_8)).contains("***").doesNotContain("hunter2");
  }

  @Test
  void longLinesAreCut() {
    var line = json(() -> LOG.info("x".repeat(1_000_000)));
    assertThat(line.get("message").asString()).hasSizeLessThan(20_000).endsWith("…");
  }

  @Test
  void prettyLinesShowControlCharactersInsteadOfObeyingThem() {
    var lines =
        lines(
            LogConfig.Format.PRETTY,
            LogConfig.Level.INFO,
            () -> LOG.info("a\r\n12:00:00.000 ERROR forged\u001b[2J"));
    assertThat(lines).hasSize(1);
    assertThat(lines.getFirst())
        .matches("\\d\\d:\\d\\d:\\d\\d\\.\\d{3} INFO  LoggingTest: a.*")
        .contains("\\u000d\\u000a12:00", "\\u001b[2J");
  }

  @Test
  void prettyLinesIndentTheStackTrace() {
    var lines =
        lines(
            LogConfig.Format.PRETTY,
            LogConfig.Level.INFO,
            () -> LOG.error("broken", new IOException("why")));
    assertThat(lines.get(1)).isEqualTo("  java.io.IOException: why");
    assertThat(lines.subList(1, lines.size())).allMatch(line -> line.startsWith("  "));
  }

  @Test
  void theLevelDecides() {
    var lines =
        lines(
            LogConfig.Format.PRETTY,
            LogConfig.Level.DEBUG,
            () -> {
              LOG.trace("no");
              LOG.debug("yes");
              LoggerFactory.getLogger("io.netty.util").debug("no");
            });
    assertThat(lines).hasSize(1);
  }

  @Test
  void threadsThatDieAreLogged() throws InterruptedException {
    try (var log =
        Logging.open(new LogConfig(LogConfig.Format.JSON, LogConfig.Level.INFO), out, false)) {
      Thread.ofPlatform()
          .name("doomed")
          .start(
              () -> {
                throw new IllegalStateException("bang");
              })
          .join();
    }
    assertThat(out.toString(UTF_8)).contains("thread doomed died", "bang");
  }

  @Test
  void aBlockedReaderCostsLinesButNoTime() {
    var released = new CountDownLatch(1);
    try (var log =
        Logging.open(
            new LogConfig(LogConfig.Format.JSON, LogConfig.Level.INFO),
            blockedUntil(released),
            false)) {
      for (int i = 0; i < 3 * LogQueue.CAPACITY; i++) {
        LOG.info("line {}", i);
      }
      assertThat(log.dropped()).isBetween((long) LogQueue.CAPACITY, 2L * LogQueue.CAPACITY);
      released.countDown();
    }
  }

  @Test
  void theStreamStaysOpen() {
    try (var stream = new CloseRecorder();
        var log =
            Logging.open(
                new LogConfig(LogConfig.Format.JSON, LogConfig.Level.INFO), stream, false)) {
      log.close();
      assertThat(stream.closed).isFalse();
    }
  }

  private static final class CloseRecorder extends ByteArrayOutputStream {
    private boolean closed;

    @Override
    public void close() {
      closed = true;
    }
  }

  private static OutputStream blockedUntil(CountDownLatch released) {
    return new OutputStream() {
      @Override
      public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
      }

      @Override
      public void write(byte[] bytes, int offset, int length) throws IOException {
        try {
          released.await();
        } catch (InterruptedException e) {
          throw new IOException(e);
        }
      }
    };
  }
}
