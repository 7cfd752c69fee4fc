package dev.parley.server.adapter.postgres;

import dev.parley.server.base.OrgId;
import dev.parley.server.base.Refusal;
import dev.parley.server.base.TaskId;
import dev.parley.server.domain.task.Task;
import java.util.List;

/// Writes the jobs that remind of tasks, inside the transaction of the task's change; whoever does
/// so holds the lock of the task's row. The table is db-scheduler's, which watches it
/// ([PostgresReminderQueue]); docs/adr/0007-reminders.md says why its rows are written here.
final class ReminderJobs {
  /// How db-scheduler knows these jobs.
  static final String NAME = "remind";

  private static final int UUID_LENGTH = 36;

  private ReminderJobs() {}

  /// Which task a job is about.
  record Target(OrgId org, TaskId task) {
    /// Reads the name of a job.
    static Target of(String instance) {
      if (instance.length() != 2 * UUID_LENGTH + 1) {
        throw Refusal.badRequest("no job of ours: " + instance);
      }
      return new Target(
          OrgId.of(instance.substring(0, UUID_LENGTH)),
          TaskId.of(instance.substring(UUID_LENGTH + 1)));
    }

    /// The name of the job.
    String instance() {
      return org + "/" + task;
    }
  }

  /// Makes the job fit the task: there is one exactly if there is something to remind of, at that
  /// time. A job that a node has picked already is taken from it.
  static void align(OrgTx tx, Task task) {
    var at = task.remindAt();
    var target = new Target(task.org(), task.id());
    if (at.isEmpty()) {
      drop(tx, List.of(target));
      return;
    }
    tx.update(
        """
        insert into parley.scheduled_job as j
          (task_name, task_instance, execution_time, picked, version)
        values (?, ?, ?, false, 1)
        on conflict (task_name, task_instance) do update
          set execution_time = excluded.execution_time, picked = false, picked_by = null,
              last_heartbeat = null, consecutive_failures = 0, version = j.version + 1
          where j.execution_time <> excluded.execution_time
        """,
        NAME,
        target.instance(),
        at.get());
  }

  /// Ends jobs, whoever has picked them.
  static void drop(OrgTx tx, List<Target> targets) {
    tx.update(
        "delete from parley.scheduled_job where task_name = ? and task_instance = any (?)",
        NAME,
        targets.stream().map(Target::instance).toArray(String[]::new));
  }

  /// Ends a job, if it still is the one that a node picked; whoever gets true acts for it, and
  /// nobody else ever will.
  static boolean finish(OrgTx tx, Target target, long version) {
    return tx.update(
            """
            delete from parley.scheduled_job
             where task_name = ? and task_instance = ? and version = ?
            """,
            NAME,
            target.instance(),
            version)
        == 1;
  }
}
