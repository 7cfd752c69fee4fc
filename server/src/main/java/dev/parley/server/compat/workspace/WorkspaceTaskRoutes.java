package dev.parley.server.compat.workspace;

import dev.parley.server.base.Limits;
import dev.parley.server.base.Names;
import dev.parley.server.base.Refusal;
import dev.parley.server.base.RefusedException;
import dev.parley.server.compat.OpenRealm;
import dev.parley.server.domain.task.NewTask;
import dev.parley.server.domain.task.Task;
import dev.parley.server.domain.task.TaskChange;
import dev.parley.server.domain.task.TaskChange.DueChange;
import dev.parley.server.domain.task.TaskFilter;
import dev.parley.server.domain.task.TaskPage;
import dev.parley.server.domain.task.TaskPriority;
import dev.parley.server.domain.task.TaskStatus;
import dev.parley.server.rest.http.Answer;
import dev.parley.server.rest.http.Api;
import dev.parley.server.rest.http.Call;
import dev.parley.server.rest.http.Verb;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The first seed's tasks.
public final class WorkspaceTaskRoutes {
  private static final String OF_USER = WorkspaceUserRoutes.USER + "/tasks";
  private static final String TASK = "/api/v1/tasks/{task_id}";
  private static final int PAGE = 200;
  private static final int HOURS = 24;
  private static final long MOST_HOURS = 24 * 36_500;

  private final WorkspaceDirectory directory;
  private final OpenRealm realm;

  public WorkspaceTaskRoutes(WorkspaceDirectory directory, OpenRealm realm) {
    this.directory = directory;
    this.realm = realm;
  }

  /// A new task; only the title is required.
  record CreateUserTask(
      @Nullable String title,
      @Nullable String description,
      @Nullable String priority,
      @Nullable Instant dueDate) {}

  /// What is to be different; what is absent or empty stays.
  record ChangeUserTask(
      @Nullable String title,
      @Nullable String description,
      @Nullable String status,
      @Nullable String priority,
      @Nullable Instant dueDate) {}

  /// A task.
  record UserTaskView(
      String id,
      String userId,
      String title,
      String description,
      String status,
      String priority,
      @Nullable Instant dueDate,
      Instant createdAt,
      Instant updatedAt,
      @Nullable Instant completedAt) {}

  public void register(Api api) {
    WorkspaceRoutes.open(api, Verb.POST, OF_USER, "createUserTask", "Gives a user a task")
        .takes(CreateUserTask.class)
        .gives(201, UserTaskView.class)
        .openRealm(realm.guard(this::create));
    WorkspaceRoutes.open(
            api, Verb.GET, OF_USER, "listUserTasks", "The tasks of a user, newest first")
        .query("status", "Only those that are pending, in_progress, completed or cancelled")
        .givesList(200, UserTaskView.class)
        .openRealm(realm.guard(this::list));
    WorkspaceRoutes.open(
            api,
            Verb.GET,
            OF_USER + "/due-soon",
            "listUserTasksDueSoon",
            "Tasks that are neither completed nor cancelled and due soon or overdue")
        .query("hours", "How soon, 24 if absent or no number")
        .givesList(200, UserTaskView.class)
        .openRealm(realm.guard(this::dueSoon));
    WorkspaceRoutes.open(api, Verb.GET, TASK, "getUserTask", "One task")
        .gives(200, UserTaskView.class)
        .openRealm(realm.guard(this::get));
    WorkspaceRoutes.open(api, Verb.PUT, TASK, "changeUserTask", "Changes a task")
        .takes(ChangeUserTask.class)
        .gives(200, UserTaskView.class)
        .openRealm(realm.guard(this::change));
    WorkspaceRoutes.open(api, Verb.DELETE, TASK, "deleteUserTask", "Deletes a task")
        .givesNothing()
        .openRealm(realm.guard(this::delete));
  }

  private Answer create(Call call) {
    var body = WorkspaceRoutes.body(call, CreateUserTask.class, "Invalid request body");
    var title =
        given(body.title()).orElseThrow(() -> Refusal.badRequest("Missing required field: title"));
    var wish =
        new NewTask(
            title,
            given(body.description()).orElse(""),
            priority(body.priority()).orElse(TaskPriority.MEDIUM),
            Optional.ofNullable(body.dueDate()));
    var user = WorkspaceDirectory.user(call).asUser();
    return Answer.created(
        view(
            named(
                WorkspaceDirectory.NO_USER,
                () -> directory.tasks().createOpen(directory.org(), user, wish))));
  }

  private Answer list(Call call) {
    var filter = TaskFilter.of(WorkspaceDirectory.user(call).asUser());
    var wanted = call.query("status");
    var status = wanted.flatMap(TaskStatus::find);
    if (wanted.isPresent() && status.isEmpty()) {
      return Answer.ok(List.of());
    }
    return all(status.map(filter::withStatus).orElse(filter), TaskPage.Order.NEWEST);
  }

  private Answer dueSoon(Call call) {
    var filter = TaskFilter.of(WorkspaceDirectory.user(call).asUser());
    var within = Duration.ofHours(hours(call.query("hours").orElse("")));
    return all(directory.tasks().dueSoon(filter, within), TaskPage.Order.DUE);
  }

  /// All tasks, of which nobody has more than [Limits#TASKS], or those that come first and fit into
  /// one answer.
  private Answer all(TaskFilter filter, TaskPage.Order order) {
    var all = new ArrayList<UserTaskView>();
    var next = new TaskPage(order, Optional.empty(), PAGE);
    long room = Limits.ANSWER_CONTENT;
    List<Task> page;
    do {
      page = directory.tasks().listOpen(directory.org(), filter, next);
      for (var task : page) {
        if (room > 0) {
          all.add(view(task));
        }
        room -= Names.bytes(task.title()) + Names.bytes(task.description());
      }
      if (!page.isEmpty()) {
        next = new TaskPage(order, Optional.of(next.place(page.getLast())), PAGE);
      }
    } while (page.size() == PAGE && room > 0);
    return Answer.ok(all);
  }

  private Answer get(Call call) {
    return one(() -> directory.tasks().getOpen(directory.org(), WorkspaceDirectory.task(call)));
  }

  private Answer change(Call call) {
    var body = WorkspaceRoutes.body(call, ChangeUserTask.class, "Invalid request body");
    var due = Optional.ofNullable(body.dueDate());
    var change =
        new TaskChange(
            given(body.title()),
            given(body.description()),
            status(body.status()),
            priority(body.priority()),
            Optional.empty(),
            due.<DueChange>map(DueChange.Set::new).orElseGet(DueChange.Keep::new));
    return one(
        () -> directory.tasks().changeOpen(directory.org(), WorkspaceDirectory.task(call), change));
  }

  private Answer delete(Call call) {
    named(
        WorkspaceDirectory.NO_TASK,
        () -> {
          directory.tasks().deleteOpen(directory.org(), WorkspaceDirectory.task(call));
          return true;
        });
    return Answer.done();
  }

  private static Answer one(Supplier<Task> task) {
    return Answer.ok(view(named(WorkspaceDirectory.NO_TASK, task)));
  }

  /// What is not there is told in the seed's own words.
  private static <T> T named(String absent, Supplier<T> work) {
    try {
      return work.get();
    } catch (RefusedException e) {
      throw e.refusal() instanceof Refusal.NotFound ? Refusal.notFound(absent) : e;
    }
  }

  private static Optional<TaskStatus> status(@Nullable String name) {
    return given(name)
        .map(text -> TaskStatus.find(text).orElseThrow(() -> Refusal.badRequest("invalid status")));
  }

  private static Optional<TaskPriority> priority(@Nullable String name) {
    return given(name)
        .map(
            text ->
                TaskPriority.find(text).orElseThrow(() -> Refusal.badRequest("invalid priority")));
  }

  private static Optional<String> given(@Nullable String text) {
    return WorkspaceUserRoutes.given(text);
  }

  /// What is no number counts as absent.
  private static long hours(String text) {
    try {
      return Math.clamp(Long.parseLong(text), -MOST_HOURS, MOST_HOURS);
    } catch (NumberFormatException e) {
      return HOURS;
    }
  }

  private static UserTaskView view(Task task) {
    return new UserTaskView(
        task.id().toString(),
        task.assignee().openName(),
        task.title(),
        task.description(),
        task.status().wireName(),
        task.priority().wireName(),
        task.dueAt().orElse(null),
        task.createdAt(),
        task.updatedAt(),
        task.completedAt().orElse(null));
  }
}
