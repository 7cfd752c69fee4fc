package dev.parley.server.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.parley.server.rest.Contract;
import dev.parley.server.testing.NativeSocket;
import dev.parley.server.testing.Person;
import dev.parley.server.testing.PostgresExtension;
import dev.parley.server.testing.TestDatabase;
import dev.parley.server.testing.TestServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// HTTP on a whole node, with the seeds' routes beside the native ones.
@ExtendWith(PostgresExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
final class HttpFlowTest {
  private static final JsonMapper JSON = new JsonMapper();

  private final HttpClient client = HttpClient.newHttpClient();
  private TestServer server;
  private Person ann;
  private JsonNode description;

  @BeforeAll
  void start(TestDatabase database) {
    server = TestServer.start(database, Map.of());
    ann = Person.signUp(server, "http-ann");
    description = JSON.readTree(get("/openapi.json").body());
  }

  @AfterAll
  void stop() {
    client.close();
    server.close();
  }

  @Test
  void theDescriptionNamesExactlyTheMethodsThatThePathsKnow() {
    for (var path : description.get("paths").propertyNames()) {
      var concrete = path.replaceAll("\\{[A-Za-z_]+}", "x");
      var documented = new TreeSet<>(Set.of("OPTIONS"));
      // A word in a path may also be the value of another path's parameter.
      for (var other : description.get("paths").propertyNames()) {
        if (concrete.matches(other.replaceAll("\\{[A-Za-z_]+}", "[^/]+"))) {
          for (var method : description.get("paths").get(other).propertyNames()) {
            documented.add(method.toUpperCase(Locale.ROOT));
          }
        }
      }
      if (documented.contains("GET")) {
        documented.add("HEAD");
      }
      var options = send(request(concrete).method("OPTIONS", HttpRequest.BodyPublishers.noBody()));
      assertThat(Set.of(options.headers().firstValue("Allow").orElse("").split(", ")))
          .as(path)
          .isEqualTo(documented);
    }
  }

  @Test
  void everySchemaOfEveryDialectIsToldAndItsExampleFits() {
    var contract = new Contract(description);
    var schemas = description.at("/components/schemas");
    var missing = new ArrayList<String>();
    for (var name : schemas.propertyNames()) {
      var schema = schemas.get(name);
      contract.misfit(schema, schema.get("examples").get(0), name).ifPresent(missing::add);
      schema
          .get("properties")
          .propertyStream()
          .filter(field -> !field.getValue().has("description"))
          .forEach(field -> missing.add(name + "." + field.getKey() + " is not described"));
    }
    assertThat(missing).isEmpty();
  }

  @Test
  void onePathServesBothRealms() {
    var open =
        send(
            request("/api/v1/orgs")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"id\":\"o1\",\"name\":\"Open\"}")));
    assertThat(open.statusCode()).isEqualTo(201);
    assertThat(open.body()).contains("\"org_id\":\"o1\"");
    var own = ann.organization("Closed");
    assertThat(ann.get("/api/v1/orgs").body().toString()).contains(own).doesNotContain("\"o1\"");
    assertThat(get("/api/v1/orgs").body()).contains("\"o1\"").doesNotContain(own);
  }

  @Test
  void aTicketOpensOneSocket() {
    var ticket = ann.post("/api/v1/tickets", Map.of()).require(201).get("ticket").asString();
    var address = URI.create(server.ws() + "/ws?ticket=" + ticket);
    try (var socket = NativeSocket.open(address).hello()) {
      assertThat(socket.next("welcome").get("user_id").asString()).isEqualTo(ann.id());
    }
    assertThatThrownBy(() -> NativeSocket.open(address)).isInstanceOf(RuntimeException.class);
  }

  @Test
  void streamPageAndSocketShowAnEventInTheSameWords() throws IOException, InterruptedException {
    var room = ann.room(ann.organization("Words"), "words");
    var request =
        request("/api/v1/events").header("Authorization", "Bearer " + ann.token()).build();
    var response = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
    assertThat(response.headers().firstValue("Content-Type")).contains("text/event-stream");
    try (var lines =
            new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
        var socket = ann.connect().hello()) {
      socket.next("live");
      assertThat(data(lines)).isEqualTo("{\"type\":\"live\"}");
      ann.post("/api/v1/rooms/" + room + "/messages", Map.of("content", "Grüße 👋 <&>"))
          .require(201);
      var streamed = JSON.readTree(data(lines));
      var paged = ann.get("/api/v1/rooms/" + room + "/events?limit=500").require(200).get("events");
      assertThat(streamed).isEqualTo(paged.get(paged.size() - 1));
      assertThat(streamed).isEqualTo(socket.next("message"));
    }
  }

  @Test
  void theListenersSayWhoTheyAre() {
    assertThat(get("/health").body()).isEqualTo("OK");
    assertThat(send(HttpRequest.newBuilder(server.api().resolve("/health"))).body())
        .isEqualTo("REST API OK");
    assertThat(send(HttpRequest.newBuilder(server.api().resolve("/healthz"))).statusCode())
        .isEqualTo(200);
  }

  @Test
  void theMetricsHaveWhatHttpReports() {
    get("/health");
    var names =
        get("/metrics")
            .body()
            .lines()
            .filter(line -> line.startsWith("# HELP parley_http"))
            .map(line -> line.split(" ")[2])
            .collect(Collectors.toSet());
    assertThat(names)
        .contains(
            "parley_http_requests_total",
            "parley_http_request_seconds",
            "parley_http_running",
            "parley_http_shed_total",
            "parley_http_streams");
  }

  private static String data(BufferedReader lines) throws IOException {
    for (var line = lines.readLine(); line != null; line = lines.readLine()) {
      if (line.startsWith("data: ")) {
        return line.substring(6);
      }
    }
    throw new IOException("the stream ended");
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(server.http().resolve(path));
  }

  private HttpResponse<String> get(String path) {
    return send(request(path));
  }

  private HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
