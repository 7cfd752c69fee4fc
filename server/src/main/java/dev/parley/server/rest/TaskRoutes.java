package dev.parley.server.rest;

import dev.parley.server.base.OrgId;
import dev.parley.server.base.TaskId;
import dev.parley.server.base.UserId;
import dev.parley.server.domain.access.OrgAccess;
import dev.parley.server.domain.access.Role;
import dev.parley.server.domain.task.NewTask;
import dev.parley.server.domain.task.Task;
import dev.parley.server.domain.task.TaskChange;
import dev.parley.server.domain.task.TaskChange.DueChange;
import dev.parley.server.domain.task.TaskFilter;
import dev.parley.server.domain.task.TaskPage;
import dev.parley.server.domain.task.TaskPriority;
import dev.parley.server.domain.task.TaskStatus;
import dev.parley.server.domain.task.Tasks;
import dev.parley.server.rest.http.Answer;
import dev.parley.server.rest.http.Api;
import dev.parley.server.rest.http.Call;
import dev.parley.server.rest.http.Dialect;
import dev.parley.server.rest.http.Json;
import dev.parley.server.rest.http.Verb;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Tasks of an organization.
public final class TaskRoutes {
  private static final Dialect DIALECT = Dialect.ofNative("Tasks");
  private static final String TASKS = "/api/v1/orgs/{org_id}/tasks";
  private static final String TASK = TASKS + "/{task_id}";
  private static final int PAGE = 100;
  private static final long MOST_HOURS = 24 * 36_500;

  private final Tasks tasks;

  public TaskRoutes(Tasks tasks) {
    this.tasks = tasks;
  }

  /// A new task, for yourself if nobody else is named.
  record CreateTask(
      String title,
      @Nullable String description,
      @Nullable TaskPriority priority,
      @Nullable UserId assigneeId,
      @Nullable Instant dueDate) {}

  /// What is to be different; what is absent stays, and null takes a description or a due date
  /// away.
  record ChangeTask(
      @Nullable String title,
      Json.@Nullable Clearable description,
      @Nullable TaskStatus status,
      @Nullable TaskPriority priority,
      @Nullable UserId assigneeId,
      Json.@Nullable Clearable dueDate) {}

  /// A task.
  record TaskView(
      TaskId taskId,
      OrgId orgId,
      String title,
      String description,
      TaskStatus status,
      TaskPriority priority,
      UserId assigneeId,
      UserId createdBy,
      @Nullable Instant dueDate,
      Instant createdAt,
      Instant updatedAt,
      @Nullable Instant completedAt,
      @Nullable Instant remindedAt) {}

  /// A page of tasks.
  ///
  /// @param next hand it in as `after` to get the next page; absent on the last one
  record TaskList(List<TaskView> tasks, @Nullable String next) {}

  public void register(Api api) {
    api.route(DIALECT, Verb.POST, TASKS, "createTask", "Gives somebody, or yourself, a task")
        .takes(CreateTask.class)
        .gives(201, TaskView.class)
        .inOrg(Role.MEMBER, this::create);
    api.route(DIALECT, Verb.GET, TASKS, "listTasks", "Tasks that fit, newest first")
        .query("status", "Only those that are pending, in_progress, completed or cancelled")
        .query("priority", "Only those whose priority is low, medium, high or urgent")
        .query("assignee_id", "Only those that this user has to do")
        .query("due_from", "Only those due then or later (RFC 3339)")
        .query("due_before", "Only those due before (RFC 3339)")
        .query(
            "due_soon",
            "Only those neither completed nor cancelled that are due within so many hours or"
                + " overdue; in the order of their due dates")
        .query("q", "Only those with this text in title or description, in capitals or not")
        .query("after", "`next` of the page before")
        .number("limit", "How many, 100 if absent, 500 at most")
        .gives(200, TaskList.class)
        .inOrg(Role.GUEST, this::list);
    api.route(DIALECT, Verb.GET, TASK, "getTask", "One task")
        .gives(200, TaskView.class)
        .inOrg(Role.GUEST, (call, org) -> Answer.ok(view(tasks.get(org, call.taskId()))));
    api.route(
            DIALECT,
            Verb.PATCH,
            TASK,
            "changeTask",
            "Changes a task that you have to do or wanted; admins change all")
        .takes(ChangeTask.class)
        .gives(200, TaskView.class)
        .inOrg(Role.GUEST, this::change);
    api.route(
            DIALECT,
            Verb.DELETE,
            TASK,
            "deleteTask",
            "Deletes a task that you wanted; admins delete all")
        .givesNothing()
        .inOrg(Role.GUEST, this::delete);
  }

  private Answer create(Call call, OrgAccess org) {
    var wish = call.body(CreateTask.class);
    var task =
        tasks.create(
            org,
            Optional.ofNullable(wish.assigneeId()),
            new NewTask(
                wish.title(),
                Objects.requireNonNullElse(wish.description(), ""),
                Objects.requireNonNullElse(wish.priority(), TaskPriority.MEDIUM),
                Optional.ofNullable(wish.dueDate())));
    return Answer.created(view(task))
        .with("Location", "/api/v1/orgs/" + task.org() + "/tasks/" + task.id());
  }

  private Answer list(Call call, OrgAccess org) {
    var soon = call.number("due_soon");
    var order = soon.isPresent() ? TaskPage.Order.DUE : TaskPage.Order.NEWEST;
    var filter =
        soon.isPresent() ? tasks.dueSoon(filter(call), hours(soon.getAsLong())) : filter(call);
    var page = new TaskPage(order, call.query("after").map(TaskCursor::parse), call.limit(PAGE));
    var found = tasks.list(org, filter, page);
    var next = found.size() == page.limit() ? TaskCursor.text(page.place(found.getLast())) : null;
    return Answer.ok(new TaskList(found.stream().map(TaskRoutes::view).toList(), next));
  }

  private Answer change(Call call, OrgAccess org) {
    var wish = call.body(ChangeTask.class);
    var change =
        new TaskChange(
            Optional.ofNullable(wish.title()),
            Optional.ofNullable(wish.description()).map(text -> text.text().orElse("")),
            Optional.ofNullable(wish.status()),
            Optional.ofNullable(wish.priority()),
            Optional.ofNullable(wish.assigneeId()),
            due(wish.dueDate()));
    return Answer.ok(view(tasks.change(org, call.taskId(), change)));
  }

  private Answer delete(Call call, OrgAccess org) {
    tasks.delete(org, call.taskId());
    return Answer.done();
  }

  private static DueChange due(Json.@Nullable Clearable wish) {
    if (wish == null) {
      return new DueChange.Keep();
    }
    return wish.instant().<DueChange>map(DueChange.Set::new).orElseGet(DueChange.Clear::new);
  }

  private static TaskFilter filter(Call call) {
    return new TaskFilter(
        call.query("status").map(TaskStatus::ofWireName),
        call.query("priority").map(TaskPriority::ofWireName),
        call.query("assignee_id").map(UserId::member),
        Optional.empty(),
        call.instant("due_from"),
        call.instant("due_before"),
        call.query("q"),
        false);
  }

  private static Duration hours(long wish) {
    return Duration.ofHours(Math.min(wish, MOST_HOURS));
  }

  private static TaskView view(Task task) {
    return new TaskView(
        task.id(),
        task.org(),
        task.title(),
        task.description(),
        task.status(),
        task.priority(),
        task.assignee(),
        task.createdBy(),
        task.dueAt().orElse(null),
        task.createdAt(),
        task.updatedAt(),
        task.completedAt().orElse(null),
        task.remindedAt().orElse(null));
  }
}
