package dev.parley.server.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/// A real `redis-server` of the tests' own, on a free port and in a new folder, that can be
/// stopped, started again and asked.
public final class SharedRedis implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 10;

  private final int port;
  private final Path folder;
  private final List<String> options;
  private Process process;

  private SharedRedis(List<String> options) {
    this.options = options;
    try {
      this.port = freePort();
      this.folder = Files.createTempDirectory("parley-redis");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Starts one that keeps nothing on the disk.
  ///
  /// @param options further words of its command line
  public static SharedRedis start(String... options) {
    var redis = new SharedRedis(List.of(options));
    redis.startAgain();
    Runtime.getRuntime().addShutdownHook(new Thread(redis::kill));
    return redis;
  }

  /// Its address for `REDIS_URL`.
  public String url() {
    return "redis://127.0.0.1:" + port;
  }

  public int port() {
    return port;
  }

  /// Starts it again, empty, on the same port.
  public void startAgain() {
    var command = new ArrayList<String>(List.of("redis-server", "--port", String.valueOf(port)));
    command.addAll(List.of("--bind", "127.0.0.1", "--dir", folder.toString(), "--save", ""));
    command.addAll(options);
    try {
      process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(folder.resolve("redis.log").toFile())
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException("redis-server is missing; ./check installs it", e);
    }
    Awaitility.await().until(this::answers);
  }

  /// Ends it as a crash would.
  public void kill() {
    try {
      process.destroyForcibly().waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Whether it was ended.
  public boolean isGone() {
    return !process.isAlive();
  }

  /// Runs one command and shows the raw first part of its answer.
  public String ask(String... words) {
    try (var socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 2_000);
      socket.setSoTimeout(2_000);
      var command = new StringBuilder("*" + words.length + "\r\n");
      for (var word : words) {
        command.append('$').append(word.getBytes(StandardCharsets.UTF_8).length).append("\r\n");
        command.append(word).append("\r\n");
      }
      socket.getOutputStream().write(command.toString().getBytes(StandardCharsets.UTF_8));
      var answer = new byte[256 * 1024];
      int length = socket.getInputStream().read(answer);
      return new String(answer, 0, Math.max(0, length), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Lowers all scores of a sorted set of milliseconds, as if so much time had passed: the clock of
  /// Redis cannot be moved.
  public void age(String key, Duration by) {
    var lower =
        """
        for _, member in ipairs(redis.call('ZRANGE', KEYS[1], 0, -1)) do
          redis.call('ZINCRBY', KEYS[1], -ARGV[1], member)
        end
        """;
    ask("EVAL", lower, "1", key, String.valueOf(by.toMillis()));
  }

  private boolean answers() {
    try {
      return ask("PING").startsWith("+PONG");
    } catch (UncheckedIOException e) {
      return false;
    }
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  @Override
  public void close() {
    kill();
  }
}
