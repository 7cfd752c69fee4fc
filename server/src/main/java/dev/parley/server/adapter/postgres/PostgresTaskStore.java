package dev.parley.server.adapter.postgres;

import dev.parley.server.base.Limits;
import dev.parley.server.base.OrgId;
import dev.parley.server.base.Refusal;
import dev.parley.server.base.RefusedException;
import dev.parley.server.base.TaskId;
import dev.parley.server.base.UserId;
import dev.parley.server.domain.directory.DirectoryUserId;
import dev.parley.server.domain.task.Task;
import dev.parley.server.domain.task.TaskFilter;
import dev.parley.server.domain.task.TaskPage;
import dev.parley.server.domain.task.TaskPriority;
import dev.parley.server.domain.task.TaskStatus;
import dev.parley.server.domain.task.TaskStore;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/// Keeps tasks in PostgreSQL, each with its job.
public final class PostgresTaskStore implements TaskStore {
  private static final String SELECT =
      """
      select t.org_id, t.task_id, t.assignee, t.created_by, t.title, t.description, t.status,
             t.priority, t.due_at, t.created_at, t.updated_at, t.completed_at, t.reminded_at
        from parley.task t where t.org_id = ?
      """;
  private static final String ONE = SELECT + " and t.task_id = ?";

  // Two statements instead of "or ? is null", so that each has a plan of its own.
  private static final String OF_ASSIGNEE = SELECT + " and t.assignee = ?";
  private static final String OF_ALL = SELECT + " and ?::text is null";
  private static final String FITTING =
      """
       and (?::text is null or t.status = ?)
       and (?::text is null or t.priority = ?)
       and (?::text is null or t.assignee = ? or t.created_by = ?)
       and (?::timestamptz is null or t.due_at >= ?)
       and (?::timestamptz is null or t.due_at < ?)
       and (not ? or t.status in ('pending', 'in_progress'))
       and (?::text is null or position(lower(?) in lower(t.title)) > 0
                            or position(lower(?) in lower(t.description)) > 0)
      """;
  private static final String NEWEST =
      """
       and (?::timestamptz is null or (t.created_at, t.task_id) < (?, ?))
       order by t.created_at desc, t.task_id desc limit ?
      """;
  private static final String DUE =
      """
       and t.due_at is not null and (?::timestamptz is null or (t.due_at, t.task_id) > (?, ?))
       order by t.due_at, t.task_id limit ?
      """;

  private static final String DIRECTORY_USER =
      "select user_id from parley.directory_user where org_id = ? and user_id = ?";
  private static final String MEMBER =
      "select user_id from parley.org_member where org_id = ? and user_id = ?";

  private final Database database;

  public PostgresTaskStore(Database database) {
    this.database = database;
  }

  @Override
  public void create(Task task) {
    database.inOrg(
        task.org(),
        tx -> {
          requireAssignee(tx, task.org(), task.assignee());
          requireRoom(tx, task);
          insert(tx, task);
          ReminderJobs.align(tx, task);
          return task;
        });
  }

  @Override
  public Optional<Task> find(OrgId org, TaskId task) {
    return database.inOrg(
        org, tx -> tx.queryOne(ONE, PostgresTaskStore::task, org.value(), task.value()));
  }

  @Override
  public List<Task> list(OrgId org, TaskFilter filter, TaskPage page) {
    var arguments = arguments(org, filter, page);
    boolean one = filter.assignee().isPresent();
    return database.inOrg(
        org,
        tx ->
            switch (page.order()) {
              case NEWEST ->
                  one
                      ? tx.query(OF_ASSIGNEE + FITTING + NEWEST, PostgresTaskStore::task, arguments)
                      : tx.query(OF_ALL + FITTING + NEWEST, PostgresTaskStore::task, arguments);
              case DUE ->
                  one
                      ? tx.query(OF_ASSIGNEE + FITTING + DUE, PostgresTaskStore::task, arguments)
                      : tx.query(OF_ALL + FITTING + DUE, PostgresTaskStore::task, arguments);
            });
  }

  @Override
  public Optional<Task> change(OrgId org, TaskId id, UnaryOperator<Task> change) {
    return database.inOrg(
        org,
        tx -> {
          var before = lock(tx, org, id);
          if (before.isEmpty()) {
            return before;
          }
          var after = change.apply(before.get());
          if (!after.assignee().equals(before.get().assignee())) {
            requireAssignee(tx, org, after.assignee());
          }
          update(tx, after);
          ReminderJobs.align(tx, after);
          return Optional.of(after);
        });
  }

  @Override
  public boolean delete(OrgId org, TaskId id, Consumer<Task> allowed) {
    return database.inOrg(
        org,
        tx -> {
          var task = lock(tx, org, id);
          if (task.isEmpty()) {
            return false;
          }
          allowed.accept(task.get());
          tx.update(
              "delete from parley.task where org_id = ? and task_id = ?", org.value(), id.value());
          ReminderJobs.drop(tx, List.of(new ReminderJobs.Target(org, id)));
          return true;
        });
  }

  /// Deletes all tasks of somebody who is being deleted, with their jobs.
  static void deleteOf(OrgTx tx, OrgId org, UserId assignee) {
    var tasks =
        tx.query(
            "delete from parley.task where org_id = ? and assignee = ? returning task_id",
            row -> new ReminderJobs.Target(org, new TaskId(row.uuid("task_id"))),
            org.value(),
            assignee.value());
    ReminderJobs.drop(tx, tasks);
  }

  /// The task, which nobody else can change until the transaction ends.
  static Optional<Task> lock(OrgTx tx, OrgId org, TaskId id) {
    return tx.queryOne(
        ONE + " for no key update", PostgresTaskStore::task, org.value(), id.value());
  }

  /// Whether somebody is there to do a task.
  static boolean isThere(OrgTx tx, OrgId org, UserId user) {
    var directory = DirectoryUserId.of(user);
    var found =
        directory.isPresent()
            ? tx.query(DIRECTORY_USER, row -> true, org.value(), directory.get().value())
            : tx.query(MEMBER, row -> true, org.value(), user.value());
    return !found.isEmpty();
  }

  /// They stay until the transaction ends.
  private static void requireAssignee(OrgTx tx, OrgId org, UserId user) {
    var directory = DirectoryUserId.of(user);
    var found =
        directory.isPresent()
            ? tx.query(
                DIRECTORY_USER + " for key share",
                row -> true,
                org.value(),
                directory.get().value())
            : tx.query(MEMBER + " for key share", row -> true, org.value(), user.value());
    if (found.isEmpty()) {
      throw Refusal.notFound("no such user");
    }
  }

  /// Nobody counts under a lock: two at once may exceed the limit by one.
  private static void requireRoom(OrgTx tx, Task task) {
    var tasks =
        tx.queryOne(
            "select count(*) as tasks from parley.task where org_id = ? and assignee = ?",
            row -> row.integer("tasks"),
            task.org().value(),
            task.assignee().value());
    if (tasks.orElse(0) >= Limits.TASKS) {
      throw new RefusedException(new Refusal.Quota("the user has too many tasks"));
    }
  }

  private static void insert(OrgTx tx, Task task) {
    tx.update(
        """
        insert into parley.task
          (org_id, task_id, assignee, created_by, title, description, status, priority, due_at,
           created_at, updated_at, completed_at, reminded_at)
        values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        task.org().value(),
        task.id().value(),
        task.assignee().value(),
        task.createdBy().value(),
        task.title(),
        task.description(),
        task.status().wireName(),
        task.priority().wireName(),
        task.dueAt(),
        task.createdAt(),
        task.updatedAt(),
        task.completedAt(),
        task.remindedAt());
  }

  private static void update(OrgTx tx, Task task) {
    tx.update(
        """
        update parley.task set assignee = ?, title = ?, description = ?, status = ?, priority = ?,
               due_at = ?, updated_at = ?, completed_at = ?, reminded_at = ?
         where org_id = ? and task_id = ?
        """,
        task.assignee().value(),
        task.title(),
        task.description(),
        task.status().wireName(),
        task.priority().wireName(),
        task.dueAt(),
        task.updatedAt(),
        task.completedAt(),
        task.remindedAt(),
        task.org().value(),
        task.id().value());
  }

  /// In the order of the question marks.
  private static Object[] arguments(OrgId org, TaskFilter filter, TaskPage page) {
    var status = filter.status().map(TaskStatus::wireName);
    var priority = filter.priority().map(TaskPriority::wireName);
    var involved = filter.involved().map(UserId::value);
    var at = page.after().map(TaskPage.Place::at);
    var arguments = new ArrayList<Object>();
    arguments.add(org.value());
    arguments.add(filter.assignee().map(UserId::value));
    arguments.addAll(List.of(status, status, priority, priority, involved, involved, involved));
    arguments.addAll(
        List.of(filter.dueFrom(), filter.dueFrom(), filter.dueBefore(), filter.dueBefore()));
    arguments.addAll(List.of(filter.openOnly(), filter.text(), filter.text(), filter.text()));
    arguments.addAll(
        List.of(at, at, page.after().map(place -> place.task().value()), page.limit()));
    return arguments.toArray();
  }

  static Task task(Row row) throws SQLException {
    return new Task(
        new OrgId(row.uuid("org_id")),
        new TaskId(row.uuid("task_id")),
        new UserId(row.text("assignee")),
        new UserId(row.text("created_by")),
        row.text("title"),
        row.text("description"),
        TaskStatus.ofWireName(row.text("status")),
        TaskPriority.ofWireName(row.text("priority")),
        row.optionalInstant("due_at"),
        row.instant("created_at"),
        row.instant("updated_at"),
        row.optionalInstant("completed_at"),
        row.optionalInstant("reminded_at"));
  }
}
