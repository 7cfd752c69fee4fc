package dev.parley.server.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.server.adapter.postgres.DatabaseConfig;
import dev.parley.server.app.Program.Outcome;
import dev.parley.server.testing.PostgresExtension;
import dev.parley.server.testing.TestDatabase;
import dev.parley.server.testing.TestServer;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// The commands that need a database, each as a process of its own beside a running server.
@ExtendWith(PostgresExtension.class)
class DatabaseCommandsTest {
  private static final String SECRET =
      "a secret for tests that both the server and the command know";

  private final TestDatabase database;

  @TempDir Path folder;

  DatabaseCommandsTest(TestDatabase database) {
    this.database = database;
  }

  private Outcome parley(String... args) throws Exception {
    return parley(database.config(), args);
  }

  private Outcome parley(DatabaseConfig config, String... args) throws Exception {
    var dsn =
        "host=%s port=%d user=%s password='%s' dbname=%s"
            .formatted(
                config.host(), config.port(), config.user(), config.password(), config.database());
    var environment = Map.of("DB_URL", dsn, "JWT_SECRET", SECRET, "PORT", "0", "API_PORT", "off");
    return Program.java(folder, environment, Main.class, args).outcome();
  }

  @Test
  void migratingTwiceDoesNothing() throws Exception {
    assertThat(parley("migrate"))
        .isEqualTo(new Outcome(0, "nothing to do: the database is up to date\n", ""));
  }

  @Test
  void theDoctorAsksTheDatabase() throws Exception {
    var doctor = parley("doctor");
    assertThat(doctor.code()).describedAs(doctor.toString()).isZero();
    assertThat(doctor.out())
        .contains("ok    database  PostgreSQL")
        .doesNotContain(database.config().password());
  }

  @Test
  void aTokenOpensTheDoor() throws Exception {
    try (var server = TestServer.start(database, Map.of("JWT_SECRET", SECRET))) {
      signUp(server, "ann");
      var token = parley("token", "ann");
      assertThat(token.code()).describedAs(token.err()).isZero();
      assertThat(token.err()).startsWith("good until 2").hasLineCount(1);
      assertThat(token.out()).hasLineCount(1);
      assertThat(me(server, token.out().strip())).contains("\"ann\"");
    }
  }

  @Test
  void nobodyHasNoToken() throws Exception {
    assertThat(parley("token", "nobody")).isEqualTo(new Outcome(1, "", "parley: no such user\n"));
  }

  @Test
  void aDatabaseThatAcknowledgesTooEarlyIsRefusedBeforeItIsChanged() throws Exception {
    var careless = empty("careless", "alter database careless set synchronous_commit = off");
    var refused = parley(careless, "migrate");
    assertThat(refused.code()).describedAs(refused.toString()).isEqualTo(1);
    assertThat(refused.err()).contains("synchronous_commit is off").hasLineCount(1);
    assertThat(hasSchema(careless)).isFalse();
  }

  @Test
  void aTokenChangesNoSchema() throws Exception {
    var empty = empty("empty");
    var token = parley(empty, "token", "ann");
    assertThat(token.code()).isEqualTo(1);
    assertThat(token.err()).contains("parley migrate").hasLineCount(1);
    assertThat(hasSchema(empty)).isFalse();
  }

  private DatabaseConfig empty(String name, String... more) {
    TestDatabase.execute(
        database.superuser(), "drop database if exists " + name, "create database " + name);
    TestDatabase.execute(database.superuser(), more);
    return database.superuser().withDatabase(name);
  }

  private static boolean hasSchema(DatabaseConfig config) {
    return TestDatabase.ask(config, "select count(*) from pg_namespace where nspname = 'parley'")
        .equals("1");
  }

  private static void signUp(TestServer server, String username) throws Exception {
    var body = "{\"username\":\"%s\",\"password\":\"correct horse battery\"}".formatted(username);
    var request =
        HttpRequest.newBuilder(server.http().resolve("/api/v1/auth/signup"))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body))
            .build();
    assertThat(send(request)).contains(username);
  }

  private static String me(TestServer server, String token) throws Exception {
    return send(
        HttpRequest.newBuilder(server.http().resolve("/api/v1/me"))
            .header("Authorization", "Bearer " + token)
            .build());
  }

  private static String send(HttpRequest request) throws Exception {
    try (var client = HttpClient.newHttpClient()) {
      var response = client.send(request, BodyHandlers.ofString());
      assertThat(response.statusCode()).describedAs(response.body()).isBetween(200, 299);
      return response.body();
    }
  }
}
