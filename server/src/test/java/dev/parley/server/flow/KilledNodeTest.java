package dev.parley.server.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.server.app.Main;
import dev.parley.server.compat.SeedHttp;
import dev.parley.server.compat.SeedSocket;
import dev.parley.server.domain.presence.PresenceStore;
import dev.parley.server.testing.Person;
import dev.parley.server.testing.PostgresExtension;
import dev.parley.server.testing.RedisExtension;
import dev.parley.server.testing.SharedRedis;
import dev.parley.server.testing.TestDatabase;
import dev.parley.server.testing.TestServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// A node in a process of its own that ends by SIGKILL while it holds due reminders and people, and
/// others that go on.
@ExtendWith({PostgresExtension.class, RedisExtension.class})
final class KilledNodeTest {
  private static final int TASKS = 12;

  @TempDir private Path folder;
  private final TestDatabase database;
  private final SharedRedis redis;
  private final Map<String, String> address;
  private int port;
  private Process victim;

  KilledNodeTest(TestDatabase database, SharedRedis redis) {
    this.database = database;
    this.redis = redis;
    this.address = Map.of("REDIS_URL", redis.url());
  }

  @BeforeEach
  void startVictim() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    var builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "serve")
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("victim.log").toFile());
    builder.environment().putAll(TestServer.environment(database, address));
    builder
        .environment()
        .putAll(
            Map.of(
                "PORT",
                String.valueOf(port),
                "API_PORT",
                "off",
                "HOST",
                "127.0.0.1",
                "PARLEY_DATA",
                folder.resolve("data").toString()));
    victim = builder.start();
  }

  @AfterEach
  void endVictim() {
    victim.destroyForcibly();
  }

  @Test
  void itsRemindersAreRaisedOnceByAnotherNodeAndItsPeopleAreGone() throws SQLException {
    // This one raises no reminders, so all are the victim's as long as it is alone.
    var front = Map.of("PARLEY_ROLE", "api", "REDIS_URL", redis.url());
    try (var server = TestServer.start(database, front);
        var lock = database.connect();
        var statement = lock.createStatement()) {
      var ann = Person.signUp(server, "ann");
      var tasks = "/api/v1/orgs/" + ann.organization("Acme") + "/tasks";
      await().atMost(Duration.ofSeconds(60)).until(this::isVictimReady);
      for (int i = 0; i < TASKS; i++) {
        ann.post(tasks, Map.of("title", "t" + i, "due_date", in(1_500))).require(201);
      }
      // Whoever raises a reminder locks its task first: none ends before the kill.
      lock.setAutoCommit(false);
      statement.execute("select from parley.task for update");
      await().until(() -> jobs("picked") == TASKS);
      try (var heir = TestServer.start(database, address);
          var _ = SeedSocket.open(URI.create("ws://127.0.0.1:" + port + "/ws?user_id=dead"));
          var _ = SeedSocket.open(URI.create(heir.ws() + "/ws?user_id=alive"))) {
        await().until(() -> online(server).equals(List.of("alive", "dead")));
        victim.destroyForcibly();
        await().until(() -> !victim.isAlive());
        assertThat(jobs("picked")).isEqualTo(TASKS);
        lock.rollback();

        await().atMost(Duration.ofSeconds(20)).until(() -> jobs("true") == 0);
        assertThat(reminders(ann))
            .containsExactlyInAnyOrderElementsOf(
                IntStream.range(0, TASKS).mapToObj(i -> "t" + i).toList());

        assertThat(online(server)).containsExactly("alive", "dead");
        redis.age("parley:{presence}:until", PresenceStore.EXPIRY);
        await().until(() -> online(server).equals(List.of("alive")));
      }
    }
  }

  private boolean isVictimReady() {
    if (!victim.isAlive()) {
      throw new AssertionError("the process ended; see " + folder.resolve("victim.log"));
    }
    try (var socket = new java.net.Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected()
          && new SeedHttp(URI.create("http://127.0.0.1:" + port))
              .get("/health/ready")
              .body()
              .contains("\"ok\"");
    } catch (IOException e) {
      return false;
    }
  }

  private static String in(long millis) {
    return Instant.now().plusMillis(millis).toString();
  }

  private int jobs(String which) {
    return Integer.parseInt(
        TestDatabase.ask(
            database.superuser(), "select count(*) from parley.scheduled_job where " + which));
  }

  private static List<String> reminders(Person person) {
    var all = new ArrayList<String>();
    person
        .get("/api/v1/notifications")
        .require(200)
        .get("notifications")
        .forEach(one -> all.add(one.get("event").get("title").asString()));
    return all;
  }

  private static List<String> online(TestServer server) {
    return new SeedHttp(server.http())
        .get("/api/online_users")
        .require(200)
        .valueStream()
        .map(user -> user.get("user_id").asString())
        .toList();
  }
}
