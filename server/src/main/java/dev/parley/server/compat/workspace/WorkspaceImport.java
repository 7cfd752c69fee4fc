package dev.parley.server.compat.workspace;

import dev.parley.server.base.Ids;
import dev.parley.server.base.OrgId;
import dev.parley.server.base.Refusal;
import dev.parley.server.base.TaskId;
import dev.parley.server.compat.SeedImport;
import dev.parley.server.domain.directory.DirectoryUser;
import dev.parley.server.domain.directory.DirectoryUserId;
import dev.parley.server.domain.directory.DirectoryUsers.NewUser;
import dev.parley.server.domain.intake.Intake;
import dev.parley.server.domain.intake.OldTime;
import dev.parley.server.domain.intake.Report;
import dev.parley.server.domain.intake.Source;
import dev.parley.server.domain.intake.SourceRow;
import dev.parley.server.domain.intake.Tally;
import dev.parley.server.domain.intake.Verdict;
import dev.parley.server.domain.task.NewTask;
import dev.parley.server.domain.task.Task;
import dev.parley.server.domain.task.TaskPriority;
import dev.parley.server.domain.task.TaskStatus;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The first seed's database: its users become users of the directory, its tasks their tasks, all
/// with their own ids and times. Organizations and groups it keeps in memory only.
public final class WorkspaceImport implements SeedImport {
  private static final String USERS =
      """
      select id::text as id, username, email, full_name, org_id::text as org_id,
             created_at::timestamptz as created_at, updated_at::timestamptz as updated_at
        from users order by created_at, id
      """;
  private static final String TASKS =
      """
      select t.id::text as id, t.user_id::text as user_id, u.id is not null as has_user, t.title,
             t.description, t.status, t.priority, t.due_date::timestamptz as due_date,
             t.created_at::timestamptz as created_at, t.updated_at::timestamptz as updated_at,
             t.completed_at::timestamptz as completed_at
        from tasks t left join users u on u.id = t.user_id order by t.created_at, t.id
      """;

  @Override
  public String family() {
    return "workspace";
  }

  @Override
  public boolean fits(Map<String, Set<String>> tables) {
    return SeedImport.has(
            tables, "users", "id", "username", "email", "full_name", "org_id", "created_at")
        && SeedImport.has(
            tables, "tasks", "id", "user_id", "title", "status", "priority", "due_date");
  }

  @Override
  public void run(Source source, Intake intake, Report report) {
    var org = intake.openOrg(Workspace.NOBODY, WorkspaceDirectory.HANDLE, WorkspaceDirectory.NAME);
    var users = report.table("users");
    source.read(
        USERS,
        row -> users.take(row.textOrEmpty("id"), () -> intake.directoryUser(org, user(row))));
    var tasks = report.table("tasks");
    source.read(
        TASKS, row -> tasks.take(row.textOrEmpty("id"), () -> task(row, org, users, intake)));
  }

  private static DirectoryUser user(SourceRow row) {
    var wish =
        new NewUser(
            required(row, "username"),
            required(row, "email"),
            row.textOrEmpty("full_name"),
            required(row, "org_id"));
    var createdAt = OldTime.required(row, "created_at");
    return new DirectoryUser(
        new DirectoryUserId(Ids.uuid("id", row.textOrEmpty("id"))),
        wish.username(),
        wish.email(),
        wish.fullName(),
        wish.org(),
        createdAt,
        OldTime.optional(row, "updated_at").orElse(createdAt));
  }

  private static Verdict task(SourceRow row, OrgId org, Tally users, Intake intake) {
    var user = row.textOrEmpty("user_id");
    if (!row.flag("has_user")) {
      return Verdict.refused("its user is not there");
    }
    if (users.hasRefused(user)) {
      return Verdict.refused("its user was refused");
    }
    return intake.task(task(row, org, new DirectoryUserId(Ids.uuid("user_id", user)), intake));
  }

  private static Task task(SourceRow row, OrgId org, DirectoryUserId user, Intake intake) {
    var status =
        TaskStatus.find(row.textOrEmpty("status"))
            .orElseThrow(() -> Refusal.badRequest("its status is unknown"));
    var wish =
        new NewTask(
            row.textOrEmpty("title"),
            row.textOrEmpty("description"),
            priority(row),
            OldTime.optional(row, "due_date"));
    var createdAt = OldTime.required(row, "created_at");
    var updatedAt = OldTime.optional(row, "updated_at").orElse(createdAt);
    var completedAt = OldTime.optional(row, "completed_at").orElse(updatedAt);
    return new Task(
        org,
        new TaskId(Ids.uuid("id", row.textOrEmpty("id"))),
        user.asUser(),
        user.asUser(),
        wish.title(),
        wish.description(),
        status,
        wish.priority(),
        wish.dueAt(),
        createdAt,
        updatedAt,
        status == TaskStatus.COMPLETED ? Optional.of(completedAt) : Optional.empty(),
        reminded(wish.dueAt(), intake.now()));
  }

  /// What is overdue already reminds nobody: a thousand old tasks would all do it at once.
  private static Optional<Instant> reminded(Optional<Instant> due, Instant now) {
    return due.filter(at -> !at.isAfter(now));
  }

  private static TaskPriority priority(SourceRow row) {
    return TaskPriority.find(row.textOrEmpty("priority"))
        .orElseThrow(() -> Refusal.badRequest("its priority is unknown"));
  }

  private static String required(SourceRow row, String column) {
    return row.text(column)
        .filter(text -> !text.isBlank())
        .orElseThrow(() -> Refusal.badRequest(column + " is empty"));
  }
}
