package dev.parley.server.domain.task;

import dev.parley.server.base.Ids;
import dev.parley.server.base.OrgId;
import dev.parley.server.base.Refusal;
import dev.parley.server.base.RefusedException;
import dev.parley.server.base.TaskId;
import dev.parley.server.base.UserId;
import dev.parley.server.domain.access.OrgAccess;
import dev.parley.server.domain.access.Role;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/// What one can do with tasks.
///
/// Members see all tasks of their organization, guests those that concern them. Whoever has to do a
/// task or wanted it may change it, and so may admins; the latter two may delete it.
public final class Tasks {
  private static final Duration FAR = Duration.ofDays(36_500);

  private final TaskStore store;
  private final Ids ids;
  private final InstantSource clock;

  public Tasks(TaskStore store, Ids ids, InstantSource clock) {
    this.store = store;
    this.ids = ids;
    this.clock = clock;
  }

  /// Gives somebody of the organization a task, or oneself.
  public Task create(OrgAccess access, Optional<UserId> assignee, NewTask wish) {
    access.require(Role.MEMBER);
    return create(access.orgId(), assignee.orElse(access.userId()), access.userId(), wish);
  }

  /// Gives somebody of the open realm a task.
  public Task createOpen(OrgId openOrg, UserId assignee, NewTask wish) {
    return create(openOrg, assignee, assignee, wish);
  }

  /// One task.
  public Task get(OrgAccess access, TaskId task) {
    var found = getOpen(access.orgId(), task);
    requireVisible(access, found);
    return found;
  }

  /// One task of the open realm.
  public Task getOpen(OrgId openOrg, TaskId task) {
    return store.find(openOrg, task).orElseThrow(Tasks::notFound);
  }

  /// A page of the tasks that fit.
  public List<Task> list(OrgAccess access, TaskFilter filter, TaskPage page) {
    var seen = seesAll(access) ? filter : filter.withInvolved(access.userId());
    return listOpen(access.orgId(), seen, page);
  }

  /// A page of the tasks of the open realm that fit.
  public List<Task> listOpen(OrgId openOrg, TaskFilter filter, TaskPage page) {
    return store.list(openOrg, filter, page);
  }

  /// The same filter, as far as it is open and due within a time from now, overdue ones included.
  public TaskFilter dueSoon(TaskFilter filter, Duration within) {
    var bounded = within.compareTo(FAR) > 0 ? FAR : within;
    return filter.dueSoon(
        clock.instant().plus(bounded.compareTo(FAR.negated()) < 0 ? FAR.negated() : bounded));
  }

  /// Changes a task.
  public Task change(OrgAccess access, TaskId task, TaskChange change) {
    return change(
        access.orgId(),
        task,
        found -> {
          requireConcerned(access, found, found.concerns(access.userId()));
          return found.with(change, clock.instant());
        });
  }

  /// Changes a task of the open realm.
  public Task changeOpen(OrgId openOrg, TaskId task, TaskChange change) {
    return change(openOrg, task, found -> found.with(change, clock.instant()));
  }

  /// Deletes a task.
  public void delete(OrgAccess access, TaskId task) {
    delete(
        access.orgId(),
        task,
        found -> requireConcerned(access, found, found.createdBy().equals(access.userId())));
  }

  /// Deletes a task of the open realm.
  public void deleteOpen(OrgId openOrg, TaskId task) {
    delete(openOrg, task, found -> {});
  }

  private Task create(OrgId org, UserId assignee, UserId creator, NewTask wish) {
    var task = Task.fresh(org, new TaskId(ids.uuid()), assignee, creator, wish, clock.instant());
    store.create(task);
    return task;
  }

  private Task change(OrgId org, TaskId task, UnaryOperator<Task> change) {
    return store.change(org, task, change).orElseThrow(Tasks::notFound);
  }

  private void delete(OrgId org, TaskId task, Consumer<Task> allowed) {
    if (!store.delete(org, task, allowed)) {
      throw notFound();
    }
  }

  private static void requireVisible(OrgAccess access, Task task) {
    if (!seesAll(access) && !task.concerns(access.userId())) {
      throw notFound();
    }
  }

  private static boolean seesAll(OrgAccess access) {
    return access.role().atLeast(Role.MEMBER);
  }

  private static void requireConcerned(OrgAccess access, Task task, boolean concerned) {
    requireVisible(access, task);
    if (!concerned && !access.role().atLeast(Role.ADMIN)) {
      throw Refusal.forbidden("the task is somebody else's");
    }
  }

  private static RefusedException notFound() {
    return Refusal.notFound("no such task");
  }
}
