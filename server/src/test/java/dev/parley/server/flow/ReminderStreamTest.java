package dev.parley.server.flow;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A due task reaches those who listen: at once on the socket and on the event stream, which also
/// makes up for what it missed.
@ExtendWith(PostgresExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(60)
final class ReminderStreamTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final TestServer server;
  private final HttpClient http = HttpClient.newHttpClient();

  ReminderStreamTest(TestDatabase database) {
    this.server = TestServer.start(database, Map.of());
  }

  @AfterAll
  void stop() {
    http.close();
    server.close();
  }

  @Test
  void theSocketHearsIt() {
    var ann = Person.signUp(server, "ann");
    var tasks = "/api/v1/orgs/" + ann.organization("Org") + "/tasks";
    try (var socket = ann.connect().hello()) {
      socket.next("live");
      var task = due(ann, tasks, "hear me");
      var event = socket.next("task_due");
      assertThat(event.get("task_id")).isEqualTo(task.get("task_id"));
      assertThat(event.get("org_id")).isEqualTo(task.get("org_id"));
      assertThat(event.get("due_date")).isEqualTo(task.get("due_date"));
      assertThat(event.get("title").asString()).isEqualTo("hear me");
    }
  }

  @Test
  void theStreamHearsItAndResumes() throws IOException {
    var bob = Person.signUp(server, "bob");
    var tasks = "/api/v1/orgs/" + bob.organization("Org") + "/tasks";
    String id;
    try (var stream = new Stream(bob, "")) {
      stream.next("live");
      due(bob, tasks, "first");
      assertThat(stream.next("task_due").get("title").asString()).isEqualTo("first");
      id = stream.id;
      due(bob, tasks, "second");
      assertThat(stream.next("task_due").get("title").asString()).isEqualTo("second");
    }
    due(bob, tasks, "third");
    try (var stream = new Stream(bob, id)) {
      assertThat(stream.next("task_due").get("title").asString()).isEqualTo("second");
      assertThat(stream.next("task_due").get("title").asString()).isEqualTo("third");
    }
  }

  private static JsonNode due(Person person, String tasks, String title) {
    return person
        .post(tasks, Map.of("title", title, "due_date", Instant.now().toString()))
        .require(201);
  }

  /// An event stream that is read event by event.
  private final class Stream implements AutoCloseable {
    private final BufferedReader lines;
    private String id = "";

    Stream(Person person, String lastId) throws IOException {
      var request = HttpRequest.newBuilder(URI.create(server.http() + "/api/v1/events"));
      request.header("Authorization", "Bearer " + person.token());
      if (!lastId.isEmpty()) {
        request.header("Last-Event-ID", lastId);
      }
      try {
        var answer = http.send(request.build(), BodyHandlers.ofInputStream());
        lines = new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8));
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }

    /// Waits for an event of a type, skipping others.
    JsonNode next(String type) throws IOException {
      for (var line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("id: ")) {
          id = line.substring(4);
        } else if (line.startsWith("data: ")) {
          var event = JSON.readTree(line.substring(6));
          if (event.get("type").asString().equals(type)) {
            return event;
          }
        }
      }
      throw new AssertionError("the stream ended");
    }

    @Override
    public void close() throws IOException {
      lines.close();
    }
  }
}
