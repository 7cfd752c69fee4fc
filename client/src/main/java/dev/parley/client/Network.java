package dev.parley.client;

import dev.parley.client.rest.ProblemException;
import dev.parley.client.rest.RestApi;
import dev.parley.client.rest.Tokens;
import dev.parley.protocol.ClientCommand;
import dev.parley.protocol.CloseCode;
import dev.parley.protocol.CommandCodec;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocketHandshakeException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Carries out what the engine asks, by the HTTP client of the JDK. Client thread only; results
/// come back as signals from the HTTP client's threads.
final class Network implements Effects {
  private static final String SUBPROTOCOL = "parley.v1";
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

  private final HttpClient http;
  private final URI endpoint;
  private final RestApi rest;
  private final Consumer<Signal> signals;
  private @Nullable Wire wire;

  Network(HttpClient http, URI server, Consumer<Signal> signals) {
    this.http = http;
    this.endpoint = endpoint(server);
    this.rest = new RestApi(http, server);
    this.signals = signals;
  }

  private static URI endpoint(URI server) {
    var scheme = "https".equals(server.getScheme()) ? "wss" : "ws";
    return URI.create(scheme + "://" + server.getRawAuthority() + "/ws");
  }

  @Override
  public void connect(long number) {
    var next = new Wire(number, signals);
    wire = next;
    var _ =
        http.newWebSocketBuilder()
            .subprotocols(SUBPROTOCOL)
            .connectTimeout(CONNECT_TIMEOUT)
            .buildAsync(endpoint, next)
            .whenComplete(
                (socket, failure) -> {
                  if (failure != null) {
                    signals.accept(lost(number, failure));
                  }
                });
  }

  @Override
  public void send(ClientCommand command) {
    if (wire != null) {
      wire.send(new String(CommandCodec.encode(command), StandardCharsets.UTF_8));
    }
  }

  @Override
  public void probe() {
    if (wire != null) {
      wire.probe();
    }
  }

  @Override
  public void cut() {
    if (wire != null) {
      wire.cut();
    }
  }

  @Override
  public void close() {
    if (wire != null) {
      wire.close();
    }
  }

  @Override
  public void refresh(String refreshToken) {
    var _ =
        rest.refreshAsync(refreshToken)
            .whenComplete((login, failure) -> signals.accept(refreshed(login, failure)));
  }

  /// A frame was dealt with; another one may come.
  void dealtWith(long number) {
    if (wire != null && wire.number() == number) {
      wire.more();
    }
  }

  private static Signal refreshed(@Nullable Tokens tokens, @Nullable Throwable failure) {
    if (tokens != null) {
      return new Signal.Refreshed(tokens);
    }
    var cause = unwrapped(failure);
    boolean isFinal = cause instanceof ProblemException problem && !problem.code().temporary();
    return new Signal.NotRefreshed(cause, isFinal);
  }

  /// What a failed attempt amounts to, as a close code.
  private static Signal lost(long number, Throwable failure) {
    var cause = unwrapped(failure);
    if (cause instanceof WebSocketHandshakeException refusal) {
      var response = refusal.getResponse();
      int code =
          switch (response.statusCode()) {
            case 401 -> CloseCode.AUTH.number();
            case 403 -> CloseCode.FORBIDDEN.number();
            default -> CloseCode.TRY_LATER.number();
          };
      var seconds = response.headers().firstValue("retry-after").flatMap(Network::seconds);
      var reason = "handshake answered " + response.statusCode();
      return new Signal.Lost(number, code, reason, seconds.orElse(null));
    }
    return new Signal.Lost(number, Wire.ABNORMAL, String.valueOf(cause), null);
  }

  private static Optional<Duration> seconds(String text) {
    try {
      return Optional.of(Duration.ofSeconds(Math.clamp(Long.parseLong(text), 0, 3_600)));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  private static Throwable unwrapped(@Nullable Throwable failure) {
    if (failure instanceof CompletionException && failure.getCause() != null) {
      return failure.getCause();
    }
    return failure == null ? new IllegalStateException("no tokens and no failure") : failure;
  }
}
