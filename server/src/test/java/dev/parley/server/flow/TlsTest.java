package dev.parley.server.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.client.ClientListener;
import dev.parley.client.ClientOptions;
import dev.parley.client.ParleyClient;
import dev.parley.client.rest.RestApi;
import dev.parley.protocol.Cursor;
import dev.parley.protocol.ServerEvent;
import dev.parley.server.testing.PostgresExtension;
import dev.parley.server.testing.TestCertificate;
import dev.parley.server.testing.TestDatabase;
import dev.parley.server.testing.TestServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// A node that was given a certificate: HTTP and sockets over TLS, and a goodbye over it.
@ExtendWith(PostgresExtension.class)
final class TlsTest {
  @Test
  void everythingWorksOverTls(TestDatabase database, @TempDir Path folder)
      throws IOException, InterruptedException {
    var certificate = TestCertificate.in(folder);
    certificate.writePem();
    var settings =
        Map.of(
            "TLS_CERT", folder.resolve("cert.pem").toString(),
            "TLS_KEY", folder.resolve("key.pem").toString());
    var heard = new LinkedBlockingQueue<String>();
    try (var http = HttpClient.newBuilder().sslContext(certificate.trusting()).build()) {
      var server = TestServer.start(database, settings);
      try {
        var url = URI.create("https://127.0.0.1:" + server.http().getPort());
        var health = HttpRequest.newBuilder(url.resolve("/healthz")).build();
        var answer = http.send(health, HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Strict-Transport-Security")).isPresent();
        talk(http, url, heard);
      } finally {
        server.close();
      }
    }
  }

  private static void talk(HttpClient http, URI url, BlockingQueue<String> heard)
      throws InterruptedException {
    var rest = new RestApi(http, url);
    var ann = rest.signUp("tlsann", "a long and unusual password");
    var token = ann.tokens().accessToken();
    var org = rest.createOrg(token, "Tls").orgId();
    var room = rest.createRoom(token, org, "secret", "private").roomId();
    var options = ClientOptions.of(url, ann.tokens()).http(http);
    try (var client = ParleyClient.connect(options, new Ears(heard))) {
      client.open(room, 0);
      var sent = new CompletableFuture<Void>();
      client.send(room, "over tls").thenRun(() -> sent.complete(null));
      assertThat(heard.poll(20, TimeUnit.SECONDS)).isEqualTo("over tls");
      sent.join();
    }
  }

  private record Ears(BlockingQueue<String> heard) implements ClientListener {
    @Override
    public void onEvent(ServerEvent.InRoom event, @Nullable Cursor place) {
      if (event instanceof ServerEvent.Message message && message.content() != null) {
        heard.add(message.content());
      }
    }
  }
}
