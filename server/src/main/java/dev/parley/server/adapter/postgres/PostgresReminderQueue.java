package dev.parley.server.adapter.postgres;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerName;
import com.github.kagkarlsson.scheduler.jdbc.PostgreSqlJdbcCustomization;
import com.github.kagkarlsson.scheduler.task.Execution;
import com.github.kagkarlsson.scheduler.task.ExecutionComplete;
import com.github.kagkarlsson.scheduler.task.ExecutionOperations;
import com.github.kagkarlsson.scheduler.task.helper.CustomTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import dev.parley.server.base.Ids;
import dev.parley.server.domain.event.UserEvent;
import dev.parley.server.domain.task.ReminderQueue;
import dev.parley.server.domain.task.Task;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reminds of due tasks by db-scheduler, which finds out what is due, hands each job to one node,
/// and takes it from a node that has died. What makes a reminder come exactly once is not its care,
/// but one transaction: whoever deletes the job in the version that they picked writes the event
/// and the mark, and both commit or neither.
public final class PostgresReminderQueue implements ReminderQueue {
  private static final Logger LOG = LoggerFactory.getLogger(PostgresReminderQueue.class);
  private static final String TABLE = "parley.scheduled_job";

  /// Threads that raise reminders, each with one connection at a time; fewer if the pool is small.
  private static final int THREADS = 4;

  /// Jobs that one node picks at once, in multiples of the threads; below the first it asks again.
  private static final double PICK_BELOW = 8;

  private static final double PICK_UP_TO = 32;
  private static final Duration POLL = Duration.ofMillis(200);

  /// A node that is silent for four of these is dead, and its jobs are given to others.
  private static final Duration HEARTBEAT = Duration.ofMillis(1_500);

  private static final int MISSED_HEARTBEATS = 4;
  private static final Duration STOP_WITHIN = Duration.ofSeconds(5);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);
  private static final int DOUBLINGS = 6;

  private final Database database;
  private final UserJournal journal;
  private final Ids ids;
  private final InstantSource clock;

  public PostgresReminderQueue(Database database, Ids ids, InstantSource clock) {
    this.database = database;
    this.journal = new UserJournal(ids);
    this.ids = ids;
    this.clock = clock;
  }

  @Override
  public AutoCloseable watch(Listener listener) {
    var scheduler =
        Scheduler.create(database.jobs(), remind(listener))
            .schedulerName(new SchedulerName.Fixed(ids.uuid().toString()))
            .tableName(TABLE)
            .jdbcCustomization(new PostgreSqlJdbcCustomization(false, false))
            .clock(clock::instant)
            .threads(Math.min(THREADS, database.jobConnections()))
            .pollingInterval(POLL)
            .pollUsingLockAndFetch(PICK_BELOW, PICK_UP_TO)
            .heartbeatInterval(HEARTBEAT)
            .missedHeartbeatsLimit(MISSED_HEARTBEATS)
            .shutdownMaxWait(STOP_WITHIN)
            .build();
    scheduler.start();
    return scheduler::stop;
  }

  private CustomTask<Void> remind(Listener listener) {
    return Tasks.custom(ReminderJobs.NAME, Void.class)
        .onFailure((failed, operations) -> postpone(failed, operations, listener))
        .onDeadExecution((dead, operations) -> operations.reschedule(dead, clock.instant()))
        .execute(
            (instance, context) -> {
              fire(context.getExecution(), listener);
              // The job ended in the transaction of the reminder; nothing is left to be done.
              return (complete, operations) -> {};
            });
  }

  /// What came of a job.
  private sealed interface Outcome {
    record Raised(UserEvent.TaskDue event, Instant expected) implements Outcome {}

    record Dropped() implements Outcome {}

    /// The job was done, moved or dropped by somebody else meanwhile.
    record Gone() implements Outcome {}
  }

  private void fire(Execution execution, Listener listener) {
    var target = ReminderJobs.Target.of(execution.taskInstance.getId());
    switch (database.inOrg(target.org(), tx -> fire(tx, target, execution.version))) {
      case Outcome.Raised(var event, var expected) -> listener.raised(event, expected);
      case Outcome.Dropped() -> listener.dropped();
      case Outcome.Gone() ->
          LOG.debug("the reminder of task {} is somebody else's now", target.task());
    }
  }

  private Outcome fire(OrgTx tx, ReminderJobs.Target target, long version) {
    // First the task, then its job: the order of everybody who changes a task.
    var task = PostgresTaskStore.lock(tx, target.org(), target.task());
    if (!ReminderJobs.finish(tx, target, version)) {
      return new Outcome.Gone();
    }
    return task.flatMap(found -> raise(tx, found)).orElseGet(Outcome.Dropped::new);
  }

  private Optional<Outcome> raise(OrgTx tx, Task task) {
    if (!PostgresTaskStore.isThere(tx, task.org(), task.assignee())) {
      return Optional.empty();
    }
    var now = clock.instant().truncatedTo(ChronoUnit.MICROS);
    tx.update(
        "update parley.task set reminded_at = ? where org_id = ? and task_id = ?",
        now,
        task.org().value(),
        task.id().value());
    var due = task.remindAt().orElseThrow();
    var event =
        journal.taskDue(
            tx,
            task.assignee(),
            task.org(),
            new UserJournal.Due(task.id(), task.title(), due),
            now);
    var known = task.updatedAt();
    return Optional.of(new Outcome.Raised(event, known.isAfter(due) ? known : due));
  }

  private void postpone(
      ExecutionComplete failed, ExecutionOperations<Void> operations, Listener listener) {
    int failures = Math.min(failed.getExecution().consecutiveFailures, DOUBLINGS);
    var pause = Duration.ofSeconds(1L << failures);
    operations.reschedule(
        failed, clock.instant().plus(pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause));
    listener.postponed();
  }
}
