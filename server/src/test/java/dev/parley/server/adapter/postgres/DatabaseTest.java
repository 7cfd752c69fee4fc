package dev.parley.server.adapter.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.parley.server.base.OrgId;
import dev.parley.server.base.OutageException;
import dev.parley.server.base.Telemetry;
import dev.parley.server.base.Ticker;
import dev.parley.server.base.UserId;
import dev.parley.server.testing.PostgresExtension;
import dev.parley.server.testing.TestDatabase;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@ExtendWith(PostgresExtension.class)
final class DatabaseTest {
  private static final OrgId RED = new OrgId(new UUID(1, 1));
  private static final OrgId BLUE = new OrgId(new UUID(2, 2));

  private final TestDatabase test;
  private final Database database;

  DatabaseTest(TestDatabase test) {
    this.test = test;
    this.database = test.database();
  }

  @BeforeAll
  static void makeTable(TestDatabase test) {
    test.execute(
        "set role parley_owner",
        "create table parley.probe (org_id uuid, name text primary key, n int not null default 0)",
        "alter table parley.probe enable row level security, force row level security",
        """
        create policy tenant on parley.probe to parley_app
          using (org_id = (select parley.current_org())) with check (org_id = (select parley.current_org()))""");
  }

  @BeforeEach
  void makeRows() {
    test.execute(
        "truncate parley.probe",
        "insert into parley.probe values ('%s', 'red'), ('%s', 'blue')".formatted(RED, BLUE));
  }

  @Test
  void seesTheRowsOfItsOrganizationOnly() {
    List<String> red = database.inOrg(RED, DatabaseTest::names);
    List<String> blue = database.inOrg(BLUE, DatabaseTest::names);
    assertThat(red).containsExactly("red");
    assertThat(blue).containsExactly("blue");
  }

  @Test
  void seesNothingWithoutATenant() {
    List<String> global = database.global(DatabaseTest::names);
    List<String> user = database.inUser(new UserId("ann"), DatabaseTest::names);
    assertThat(global).isEmpty();
    assertThat(user).isEmpty();
  }

  @Test
  void changesNoRowOfAnotherOrganization() {
    int updated =
        database.inOrg(RED, tx -> tx.update("update probe set n = 1 where name = 'blue'"));
    int deleted = database.inOrg(RED, tx -> tx.update("delete from probe where name = 'blue'"));
    assertThat(updated + deleted).isZero();
  }

  @Test
  void refusesARowOfAnotherOrganizationOrWithoutATenant() {
    assertThat(
            catchThrowableOfType(
                DatabaseException.class, () -> database.inOrg(RED, tx -> insert(tx, BLUE))))
        .extracting(DatabaseException::sqlState)
        .isEqualTo("42501");
    assertThat(
            catchThrowableOfType(
                DatabaseException.class, () -> database.global(tx -> insert(tx, BLUE))))
        .extracting(DatabaseException::sqlState)
        .isEqualTo("42501");
  }

  /// A plan that is kept from the days of an empty table reads the whole of it later.
  @Test
  void plansStatementsWithListsAnewEachTime() {
    List<String> kept =
        database.global(
            tx -> {
              for (int i = 0; i < 10; i++) {
                tx.query("select ?::int as one", row -> row.number("one"), i);
                tx.query(
                    "select n from unnest(?::int[]) as n", row -> row.number("n"), new int[] {i});
              }
              return tx.query(
                  "select statement from pg_prepared_statements", row -> row.text("statement"));
            });
    assertThat(kept).anyMatch(sql -> sql.contains("as one"));
    assertThat(kept).noneMatch(sql -> sql.contains("unnest"));
  }

  @Test
  void avoidsPlansThatReadWholeTables() {
    var off =
        database.global(
            tx ->
                tx.query(
                    "select name from pg_settings where name like 'enable%' and setting = 'off'",
                    row -> row.text("name")));
    assertThat(off).contains("enable_seqscan", "enable_bitmapscan");
  }

  @Test
  void forgetsTheTenantWhenTheConnectionIsUsedAgain() {
    try (var single =
        Database.open(
            test.config().withConnections(1, 1),
            new java.util.Random(1),
            Telemetry.SILENT,
            Ticker.SYSTEM)) {
      String first = single.inOrg(RED, DatabaseTest::backend);
      single.inUser(new UserId("ann"), DatabaseTest::backend);
      Optional<UUID> org = single.global(DatabaseTest::org);
      String user =
          single.global(tx -> one(tx, "select coalesce(current_user_id(), 'nobody') as v"));
      String second = single.global(DatabaseTest::backend);
      assertThat(second).isEqualTo(first);
      assertThat(org).isEmpty();
      assertThat(user).isEqualTo("nobody");
    }
  }

  @Test
  void forgetsTheTenantAfterARollback() {
    try (var single =
        Database.open(
            test.config().withConnections(1, 1),
            new java.util.Random(1),
            Telemetry.SILENT,
            Ticker.SYSTEM)) {
      assertThatThrownBy(() -> single.inOrg(RED, tx -> tx.update("update no_such_table set n = 1")))
          .isInstanceOf(DatabaseException.class);
      Optional<UUID> org = single.global(DatabaseTest::org);
      assertThat(org).isEmpty();
    }
  }

  @Test
  void runsInItsRoleEvenAfterReset() {
    String app = database.global(DatabaseTest::roleAfterReset);
    String log = database.log(DatabaseTest::roleAfterReset);
    assertThat(app).isEqualTo("parley_app");
    assertThat(log).isEqualTo("parley_log");
  }

  @ParameterizedTest
  @CsvSource({
    "alter table parley.probe disable row level security",
    "drop policy tenant on parley.probe",
    "create table parley.mine (n int)",
    "truncate parley.probe",
    "delete from parley.flyway_schema_history",
  })
  void refusesTheApplicationWhatIsTheOwners(String sql) {
    assertThat(
            catchThrowableOfType(
                DatabaseException.class, () -> database.global(tx -> tx.update(sql))))
        .extracting(DatabaseException::sqlState)
        .isEqualTo("42501");
  }

  @Test
  void grantsTheLogWriterNothingByDefault() {
    assertThat(
            catchThrowableOfType(DatabaseException.class, () -> database.log(DatabaseTest::names)))
        .extracting(DatabaseException::sqlState)
        .isEqualTo("42501");
  }

  @Test
  void rollsBackWhenTheWorkFails() {
    assertThatThrownBy(
            () ->
                database.inOrg(
                    RED,
                    tx -> {
                      tx.update("update probe set n = 7");
                      throw new IllegalStateException("changed my mind");
                    }))
        .hasMessage("changed my mind");
    assertThat(TestDatabase.ask(test.superuser(), "select max(n) from parley.probe"))
        .isEqualTo("0");
  }

  @Test
  void refusesATransactionThatHasEnded() {
    OrgTx escaped = database.inOrg(RED, tx -> tx);
    assertThatThrownBy(() -> names(escaped))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("ended");
  }

  @Test
  void repeatsTheVictimOfADeadlock() throws Exception {
    test.execute("insert into parley.probe values ('%s', 'pink')".formatted(RED));
    var attempts = new AtomicInteger();
    var bothHoldOne = new CyclicBarrier(2);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var one = threads.submit(() -> crossing("red", "pink", bothHoldOne, attempts));
      var two = threads.submit(() -> crossing("pink", "red", bothHoldOne, attempts));
      one.get();
      two.get();
    }
    assertThat(attempts).hasValue(3);
    assertThat(TestDatabase.ask(test.superuser(), "select sum(n) from parley.probe"))
        .isEqualTo("4");
  }

  private int crossing(
      String first, String second, CyclicBarrier bothHoldOne, AtomicInteger attempts) {
    return database.inOrg(
        RED,
        tx -> {
          boolean firstTime = attempts.incrementAndGet() <= 2;
          tx.update("update probe set n = n + 1 where name = ?", first);
          if (firstTime) {
            meet(bothHoldOne);
          }
          return tx.update("update probe set n = n + 1 where name = ?", second);
        });
  }

  private static void meet(CyclicBarrier barrier) {
    try {
      barrier.await();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void givesUpAfterThreeConflicts() {
    var attempts = new AtomicInteger();
    assertThatThrownBy(
            () ->
                database.global(
                    tx -> {
                      attempts.incrementAndGet();
                      return raise(tx, "40001");
                    }))
        .isInstanceOfSatisfying(
            OutageException.class,
            e -> assertThat(e.kind()).isEqualTo(OutageException.Kind.UNAVAILABLE));
    assertThat(attempts).hasValue(3);
  }

  @ParameterizedTest
  @CsvSource({
    "53100, STORAGE_FULL",
    "57014, UNAVAILABLE",
    "53300, UNAVAILABLE",
    "25006, UNAVAILABLE"
  })
  void tellsOutagesFromDefects(String sqlState, OutageException.Kind kind) {
    assertThatThrownBy(() -> database.global(tx -> raise(tx, sqlState)))
        .isInstanceOfSatisfying(OutageException.class, e -> assertThat(e.kind()).isEqualTo(kind));
  }

  @Test
  void namesTheViolatedConstraint() {
    assertThat(
            catchThrowableOfType(
                DatabaseException.class, () -> database.inOrg(RED, tx -> insert(tx, RED, "red"))))
        .extracting(DatabaseException::constraint)
        .isEqualTo("probe_pkey");
  }

  @Test
  void doesNotWaitLongForAConnection() {
    var release = new CountDownLatch(1);
    var held = new CountDownLatch(3);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 3; i++) {
        threads.submit(
            () ->
                database.global(
                    tx -> {
                      held.countDown();
                      return await(release);
                    }));
      }
      await(held);
      assertThatThrownBy(() -> database.global(DatabaseTest::names))
          .isInstanceOfSatisfying(
              OutageException.class,
              e -> assertThat(e.kind()).isEqualTo(OutageException.Kind.UNAVAILABLE));
      release.countDown();
    }
  }

  @Test
  void saysWhenTheAnswerToACommitWasLost() {
    assertThatThrownBy(
            () ->
                database.inOrg(
                    RED,
                    tx -> {
                      tx.update("update probe set n = 1");
                      test.execute("select pg_terminate_backend(" + backend(tx) + ", 5000)");
                      return true;
                    }))
        .isInstanceOfSatisfying(
            OutageException.class,
            e -> assertThat(e.kind()).isEqualTo(OutageException.Kind.UNKNOWN));
    List<String> after = database.inOrg(RED, DatabaseTest::names);
    assertThat(after).containsExactly("red");
  }

  @Test
  void bindsAndReadsEveryType() {
    Instant at = Instant.parse("2026-11-21T10:11:12.123456Z");
    UUID uuid = new UUID(3, 4);
    boolean equal =
        database.global(
            tx ->
                tx.query(
                        """
                        select ?::text as t, ?::bigint as l, ?::int as i, ?::bool as b, ?::uuid as u, ?::timestamptz as at,
                               ?::bytea as bytes, ?::text[] as texts, ?::uuid[] as uuids, ?::bigint[] as longs,
                               ?::text as empty, ?::uuid as org, ?::text as nothing,
                               (?::timestamptz[])[1] as first, (?::bytea[])[2] as second, (?::bool[])[1] as yes,
                               (?::int[])[2] as two""",
                        row ->
                            row.text("t").equals("t'ö")
                                && row.number("l") == Long.MAX_VALUE
                                && row.integer("i") == -1
                                && row.flag("b")
                                && row.uuid("u").equals(uuid)
                                && row.instant("at").equals(at)
                                && row.bytes("bytes")[0] == 9
                                && row.texts("texts").equals(List.of("a", "b,\"c"))
                                && row.uuids("uuids").equals(List.of(uuid))
                                && row.numbers("longs").equals(List.of(1L, 2L))
                                && row.optionalText("empty").isEmpty()
                                && row.optionalUuid("org").equals(Optional.of(RED.value()))
                                && row.optionalNumber("nothing").isEmpty()
                                && row.instant("first").equals(at)
                                && row.bytes("second")[0] == 8
                                && row.flag("yes")
                                && row.integer("two") == 6,
                        "t'ö",
                        Long.MAX_VALUE,
                        -1,
                        true,
                        uuid,
                        at,
                        new byte[] {9},
                        new String[] {"a", "b,\"c"},
                        new UUID[] {uuid},
                        new long[] {1, 2},
                        Optional.empty(),
                        Optional.of(RED),
                        null,
                        new Instant[] {at},
                        new byte[][] {{7}, {8}},
                        new boolean[] {true},
                        new int[] {5, 6})
                    .getFirst());
    assertThat(equal).isTrue();
  }

  @Test
  void refusesSqlNullWhereAValueIsExpected() {
    assertThatThrownBy(() -> database.global(tx -> one(tx, "select null::text as v")))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("column v is null");
  }

  private static boolean await(CountDownLatch latch) {
    try {
      return latch.await(20, java.util.concurrent.TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<String> names(Tx tx) {
    return tx.query("select name from probe order by name", row -> row.text("name"));
  }

  private static Optional<UUID> org(Tx tx) {
    return tx.query("select current_org() as org", row -> row.optionalUuid("org")).getFirst();
  }

  private static int insert(Tx tx, OrgId org) {
    return insert(tx, org, "new");
  }

  private static int insert(Tx tx, OrgId org, String name) {
    return tx.update("insert into probe values (?, ?)", org, name);
  }

  private static String backend(Tx tx) {
    return one(tx, "select pg_backend_pid()::text as v");
  }

  private static String roleAfterReset(Tx tx) {
    tx.update("reset role");
    return one(tx, "select current_user::text as v");
  }

  private static String one(Tx tx, String sql) {
    return tx.queryOne(sql, row -> row.text("v")).orElseThrow();
  }

  private static int raise(Tx tx, String sqlState) {
    return tx.update("do $$ begin raise exception using errcode = '" + sqlState + "'; end $$");
  }
}
