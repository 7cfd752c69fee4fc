package dev.parley.server.adapter.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.parley.server.base.StartupException;
import dev.parley.server.base.Telemetry;
import dev.parley.server.base.Ticker;
import dev.parley.server.testing.PostgresExtension;
import dev.parley.server.testing.TestDatabase;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(PostgresExtension.class)
final class MigrationsTest {
  private final DatabaseConfig admin;
  private final DatabaseConfig fresh;

  MigrationsTest(TestDatabase test) {
    this.admin = test.superuser().withDatabase("postgres");
    this.fresh = test.config().withDatabase("test_fresh");
  }

  @AfterEach
  void drop() {
    TestDatabase.execute(
        admin, "drop database if exists test_fresh with (force)", "drop role if exists poor");
  }

  @Test
  void makesAMissingDatabaseAndHasNothingToDoTheSecondTime() {
    assertThat(new Migrations(fresh).migrate()).isTrue();
    assertThat(new Migrations(fresh).migrate()).isFalse();
    assertThat(owner("parley.schema_fingerprints")).isEqualTo(Roles.OWNER);
  }

  @Test
  void migratesOnceWhenNodesStartTogether() throws Exception {
    try (var threads = Executors.newFixedThreadPool(3)) {
      var nodes =
          threads.invokeAll(
              java.util.Collections.nCopies(3, () -> new Migrations(fresh).migrate()));
      for (var node : nodes) {
        node.get();
      }
    }
    String applied = ask("select count(*) from parley.flyway_schema_history where version = '001'");
    assertThat(applied).isEqualTo("1");
  }

  @Test
  void keepsAnOlderBinarysFingerprint() {
    new Migrations(fresh).migrate();
    TestDatabase.execute(
        admin.withDatabase(fresh.database()),
        "insert into parley.schema_fingerprints values ('of a newer one')");
    assertThat(new Migrations(fresh).migrate()).isFalse();
  }

  @Test
  void runsAgainWhenTheBinaryIsUnknown() {
    new Migrations(fresh).migrate();
    TestDatabase.execute(
        admin.withDatabase(fresh.database()), "delete from parley.schema_fingerprints");
    assertThat(new Migrations(fresh).migrate()).isTrue();
    assertThat(new Migrations(fresh).migrate()).isFalse();
  }

  @Test
  void tellsTheAdministratorWhatToRun() {
    TestDatabase.execute(
        admin,
        "create role poor login password 'poor'",
        "create database test_fresh encoding 'UTF8' template template0");
    assertThatThrownBy(() -> new Migrations(poor()).migrate())
        .isInstanceOf(StartupException.class)
        .hasMessageContaining("GRANT parley_owner, parley_app, parley_log TO \"poor\"")
        .hasMessageContaining("GRANT CREATE ON DATABASE \"test_fresh\" TO parley_owner");
  }

  /// The roles of this server are another database's work already.
  @Test
  void whatItTellsIsAllThatIsToBeRun() {
    TestDatabase.execute(
        admin,
        "create role poor login password 'poor'",
        "create database test_fresh encoding 'UTF8' template template0");
    var advice = catchThrowable(() -> new Migrations(poor()).migrate()).getMessage();
    var commands = advice.substring(advice.indexOf('\n'));
    TestDatabase.execute(admin.withDatabase("test_fresh"), commands);
    assertThat(new Migrations(poor()).migrate()).isTrue();
  }

  @Test
  void migratesAsAUserWithoutAnyRightOnceTheAdministratorRanIt() {
    TestDatabase.execute(
        admin,
        "create role poor login password 'poor'",
        "create database test_fresh encoding 'UTF8' template template0",
        "GRANT parley_owner, parley_app, parley_log TO poor",
        "GRANT CREATE ON DATABASE test_fresh TO parley_owner");
    assertThat(new Migrations(poor()).migrate()).isTrue();
    try (var database =
        Database.open(
            poor().withConnections(1, 1),
            new java.util.Random(1),
            Telemetry.SILENT,
            Ticker.SYSTEM)) {
      String role =
          database.global(
              tx -> tx.query("select current_user::text as v", row -> row.text("v")).getFirst());
      assertThat(role).isEqualTo(Roles.APP);
    }
  }

  @Test
  void saysWhenItMayNotMakeTheDatabase() {
    TestDatabase.execute(admin, "create role poor login password 'poor'");
    assertThatThrownBy(() -> new Migrations(poor()).migrate())
        .isInstanceOf(StartupException.class)
        .hasMessageContaining("CREATE DATABASE \"test_fresh\"");
  }

  @Test
  void saysWhenTheDatabaseIsAway() {
    var nowhere = DatabaseConfig.of("127.0.0.1", 1, "parley", "parley", "secret");
    assertThatThrownBy(() -> new Migrations(nowhere).migrate())
        .isInstanceOf(StartupException.class)
        .hasMessageContaining("parley@127.0.0.1:1/parley")
        .hasMessageNotContaining("secret");
  }

  private DatabaseConfig poor() {
    return DatabaseConfig.of(fresh.host(), fresh.port(), fresh.database(), "poor", "poor");
  }

  private String owner(String table) {
    return ask(
        "select relowner::regrole::text from pg_class where oid = '" + table + "'::regclass");
  }

  private String ask(String sql) {
    return TestDatabase.ask(admin.withDatabase(fresh.database()), sql);
  }
}
