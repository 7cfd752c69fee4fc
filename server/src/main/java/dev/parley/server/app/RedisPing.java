package dev.parley.server.app;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.parley.server.app.config.RedisConfig;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLSocketFactory;

/// Asks a Redis once whether it is there (RESP protocol: an array of bulk strings out, one line
/// back).
final class RedisPing {
  private static final int TIMEOUT_MILLIS = 2_000;
  private static final int MAX_LINE = 512;

  private final RedisConfig redis;

  RedisPing(RedisConfig redis) {
    this.redis = redis;
  }

  /// Its `PONG`.
  ///
  /// @throws IOException when it is away, slow, or says no; the message says which
  String answer() throws IOException {
    try (var socket = new Socket()) {
      socket.connect(new InetSocketAddress(redis.host(), redis.port()), TIMEOUT_MILLIS);
      socket.setSoTimeout(TIMEOUT_MILLIS);
      return redis.tls() ? overTls(socket) : talk(socket);
    }
  }

  private String overTls(Socket plain) throws IOException {
    var factory = (SSLSocketFactory) SSLSocketFactory.getDefault();
    try (var socket = factory.createSocket(plain, redis.host(), redis.port(), true)) {
      return talk(socket);
    }
  }

  private String talk(Socket socket) throws IOException {
    var in = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8), MAX_LINE);
    if (redis.password().isPresent()) {
      var auth = new ArrayList<String>(List.of("AUTH"));
      redis.user().ifPresent(auth::add);
      redis.password().ifPresent(password -> auth.add(password.reveal()));
      ask(socket, in, auth);
    }
    return ask(socket, in, List.of("PING"));
  }

  private static String ask(Socket socket, BufferedReader in, List<String> words)
      throws IOException {
    var command = new StringBuilder("*" + words.size() + "\r\n");
    words.forEach(
        word ->
            command
                .append('$')
                .append(word.getBytes(UTF_8).length)
                .append("\r\n")
                .append(word)
                .append("\r\n"));
    socket.getOutputStream().write(command.toString().getBytes(UTF_8));
    var line = in.readLine();
    if (line == null || !line.startsWith("+")) {
      throw new IOException(line == null ? "closed the connection" : line);
    }
    return line.substring(1);
  }
}
