package dev.parley.server.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.server.testing.Person;
import dev.parley.server.testing.PostgresExtension;
import dev.parley.server.testing.TestDatabase;
import dev.parley.server.testing.TestServer;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.sql.SQLException;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// What a node does when it is told to stop.
@ExtendWith(PostgresExtension.class)
final class DrainTest {
  @Test
  void itIsNotReadyFirstAndAnswersWhatIsBeingCommittedBeforeItCloses(TestDatabase database)
      throws SQLException {
    var server = TestServer.start(database, Map.of());
    var ann = Person.signUp(server, "drainann");
    var room = ann.room(ann.organization("Acme"), "room");
    try (var socket = ann.connect().hello();
        var lock = TestDatabase.connect(database.superuser())) {
      socket.next("live");
      assertThat(ready(server)).isEqualTo(200);
      lock.setAutoCommit(false);
      try (var statement = lock.createStatement()) {
        statement.execute("select 1 from parley.room where room_id = '" + room + "' for update");
      }
      socket.send(
          Map.of(
              "type",
              "message",
              "id",
              7,
              "room_id",
              room,
              "op",
              UUID.randomUUID().toString(),
              "content",
              "under way"));
      var stopped = CompletableFuture.runAsync(server::close, Thread::startVirtualThread);
      socket.next("drain");
      assertThat(ready(server)).isEqualTo(503);
      // Longer than the clients have to go elsewhere.
      CompletableFuture.delayedExecutor(6, TimeUnit.SECONDS)
          .execute(
              () -> {
                try {
                  lock.rollback();
                } catch (SQLException e) {
                  throw new IllegalStateException(e);
                }
              });
      assertThat(socket.next("ok").get("id").asLong()).isEqualTo(7);
      assertThat(socket.closeCode()).isEqualTo(1012);
      await().until(stopped::isDone);
    }
  }

  private static int ready(TestServer server) {
    try (var client = HttpClient.newHttpClient()) {
      var request = HttpRequest.newBuilder(server.http().resolve("/health/ready")).build();
      return client.send(request, BodyHandlers.discarding()).statusCode();
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
