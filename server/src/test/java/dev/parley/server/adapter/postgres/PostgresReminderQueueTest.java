package dev.parley.server.adapter.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.parley.server.base.Ids;
import dev.parley.server.base.OrgId;
import dev.parley.server.base.TaskId;
import dev.parley.server.base.Telemetry;
import dev.parley.server.base.Ticker;
import dev.parley.server.base.UserId;
import dev.parley.server.domain.event.UserEvent;
import dev.parley.server.domain.task.ReminderQueue;
import dev.parley.server.domain.task.Task;
import dev.parley.server.domain.task.TaskPriority;
import dev.parley.server.domain.task.TaskStatus;
import dev.parley.server.testing.PostgresExtension;
import dev.parley.server.testing.TestDatabase;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// Exactly once, whatever dies and whoever comes in between.
@ExtendWith(PostgresExtension.class)
final class PostgresReminderQueueTest {
  private static final InstantSource CLOCK = InstantSource.system();
  private static final Duration PAST = Duration.ofSeconds(-1);

  private final Ids ids = new Ids(CLOCK, new SecureRandom());
  private final OrgId org = new OrgId(ids.uuid());
  private final UserId ann = UserId.account(ids.uuid());
  private final Heard heard = new Heard();
  private final TestDatabase test;
  private final PostgresTaskStore tasks;

  PostgresReminderQueueTest(TestDatabase test) {
    this.test = test;
    this.tasks = new PostgresTaskStore(test.database());
  }

  @BeforeEach
  void makeOrganization() {
    test.execute(
        "insert into parley.org (org_id, name, created_by, created_at) values ('%s', 'o', 'x', now())"
            .formatted(org),
        "insert into parley.org_member values ('%s', '%s', 'member', now())".formatted(org, ann));
  }

  @Test
  void anyNumberOfNodesRaiseEachReminderOnce() throws Exception {
    for (int i = 0; i < 300; i++) {
      create(PAST);
    }
    try (var one = watch();
        var two = watch();
        var three = watch()) {
      assertThat(one).isNotSameAs(two).isNotSameAs(three);
      await().until(() -> jobs() == 0);
      await().until(() -> heard.raised.size() == 300);
    }
    assertThat(
            ask(
                "select count(*) || ' ' || count(distinct task_id) from parley.user_event"
                    + mine()))
        .isEqualTo("300 300");
    assertThat(
            ask(
                "select count(*) || ' ' || max(pos) || ' ' || min(pos) from parley.user_event"
                    + mine()))
        .isEqualTo("300 300 1");
  }

  @Test
  void aNodeThatDiedWithTheJobInItsHandsIsReplaced() throws Exception {
    var task = create(PAST);
    test.execute(
        """
        update parley.scheduled_job set picked = true, picked_by = 'dead', version = version + 1,
               last_heartbeat = now() - interval '7 s'
         where task_instance like '%%/%s'"""
            .formatted(task));
    try (var _ = watch()) {
      await().until(() -> jobs() == 0);
    }
    assertThat(events(task)).isEqualTo("1");
  }

  @Test
  void aTransactionThatFailsAtItsEndLeavesNothingAndIsRepeated() throws Exception {
    test.execute(
        "create sequence public.attempts",
        "grant usage on sequence public.attempts to public",
        """
        create function public.fail_once() returns trigger language plpgsql as $$
        begin
          if nextval('public.attempts') = 1 then
            raise exception 'the node dies here';
          end if;
          return null;
        end $$""",
        """
        create constraint trigger fail_once after insert on parley.user_event
          deferrable initially deferred for each row execute function public.fail_once()""");
    var task = create(PAST);
    try (var _ = watch()) {
      await().until(() -> jobs() == 0);
    } finally {
      test.execute("drop trigger fail_once on parley.user_event");
    }
    assertThat(heard.postponed.get()).isEqualTo(1);
    assertThat(events(task)).isEqualTo("1");
    assertThat(ask("select max(pos)::text from parley.user_event" + mine())).isEqualTo("1");
  }

  @Test
  void aNodeThatWasThoughtDeadAndItsSuccessorRaiseOneReminder() throws Exception {
    var task = create(PAST);
    // With threads enough that each node can also be its own successor.
    try (var database = opened(8);
        var held = new Held(task);
        var _ = watch(database);
        var _ = watch(database)) {
      await().until(() -> held.waiting() == 1);
      // What whoever finds it dead does: another version, and nobody's.
      test.execute(
          "update parley.scheduled_job set picked = false, version = version + 1 where task_instance like '%/"
              + task
              + "'");
      await().until(() -> held.waiting() == 2);
      held.release();
      await().until(() -> jobs() == 0);
      await().until(() -> heard.raised.size() == 1);
    }
    assertThat(events(task)).isEqualTo("1");
  }

  @Test
  void aDueDateThatMovesInTheLastMomentTakesTheReminderBack() throws Exception {
    var task = create(PAST);
    try (var held = new Held(task);
        var _ = watch()) {
      await().until(() -> held.waiting() == 1);
      // What a change of the task does in the transaction that holds it.
      held.execute(
          "update parley.task set due_at = now() + interval '1 h' where task_id = '" + task + "'",
          "update parley.scheduled_job set execution_time = now() + interval '1 h', picked = false, version = version + 1 where task_instance like '%/"
              + task
              + "'");
      held.release();
    }
    assertThat(events(task)).isEqualTo("0");
    assertThat(jobs()).isEqualTo(1);
    assertThat(
            ask(
                "select (reminded_at is null)::text from parley.task where task_id = '"
                    + task
                    + "'"))
        .isEqualTo("true");
  }

  @Test
  void whatIsDoneOrMovedIsNotDue() {
    var task = create(Duration.ofHours(1));
    assertThat(jobs()).isEqualTo(1);
    tasks.delete(org, task, found -> {});
    assertThat(jobs()).isEqualTo(0);
  }

  private AutoCloseable watch() {
    return watch(test.database());
  }

  private AutoCloseable watch(Database database) {
    return new PostgresReminderQueue(database, ids, CLOCK).watch(heard);
  }

  private Database opened(int connections) {
    return Database.open(
        test.config().withConnections(connections, 1),
        RandomGenerator.getDefault(),
        Telemetry.SILENT,
        Ticker.SYSTEM);
  }

  private TaskId create(Duration due) {
    var now = CLOCK.instant().truncatedTo(ChronoUnit.MICROS);
    var task = new TaskId(ids.uuid());
    tasks.create(
        new Task(
            org,
            task,
            ann,
            ann,
            "t",
            "",
            TaskStatus.PENDING,
            TaskPriority.MEDIUM,
            Optional.of(now.plus(due)),
            now,
            now,
            Optional.empty(),
            Optional.empty()));
    return task;
  }

  private String mine() {
    return " where user_id = '" + ann + "'";
  }

  private String events(TaskId task) {
    return ask("select count(*)::text from parley.user_event where task_id = '" + task + "'");
  }

  private int jobs() {
    return Integer.parseInt(
        ask("select count(*) from parley.scheduled_job where task_instance like '" + org + "/%'"));
  }

  private String ask(String sql) {
    return TestDatabase.ask(test.superuser(), sql);
  }

  /// What was told after the commits.
  private static final class Heard implements ReminderQueue.Listener {
    final Queue<UserEvent.TaskDue> raised = new ConcurrentLinkedQueue<>();
    final AtomicInteger postponed = new AtomicInteger();

    @Override
    public void raised(UserEvent.TaskDue event, Instant expected) {
      raised.add(event);
    }

    @Override
    public void dropped() {
      throw new AssertionError("somebody was there");
    }

    @Override
    public void postponed() {
      postponed.incrementAndGet();
    }
  }

  /// A task whose row somebody holds.
  private final class Held implements AutoCloseable {
    private final Connection connection = test.connect();

    Held(TaskId task) throws SQLException {
      connection.setAutoCommit(false);
      execute("select 1 from parley.task where task_id = '" + task + "' for update");
    }

    /// How many transactions wait for it.
    int waiting() {
      return Integer.parseInt(
          ask(
              """
              select count(*) from pg_stat_activity
               where datname = current_database() and wait_event_type = 'Lock'"""));
    }

    void execute(String... statements) throws SQLException {
      try (Statement statement = connection.createStatement()) {
        for (var sql : statements) {
          statement.execute(sql);
        }
      }
    }

    void release() throws SQLException {
      connection.commit();
    }

    @Override
    public void close() throws SQLException {
      connection.close();
    }
  }
}
