package dev.parley.server.domain.task;

import dev.parley.server.base.OrgId;
import dev.parley.server.base.TaskId;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/// Keeps tasks, each together with the job that reminds of it ([Task#remindAt]). One method is one
/// transaction: there is never a task without its job, or a job without its task.
public interface TaskStore {
  /// Keeps a new task; refuses with not_found if its assignee is not in the organization, with
  /// quota if they have too many.
  void create(Task task);

  /// One task.
  Optional<Task> find(OrgId org, TaskId task);

  /// A page of the tasks that fit.
  List<Task> list(OrgId org, TaskFilter filter, TaskPage page);

  /// Changes a task while nobody else can.
  ///
  /// @param change may refuse, and may be asked again; has no other effects
  /// @return the task after it; empty if there is none
  Optional<Task> change(OrgId org, TaskId task, UnaryOperator<Task> change);

  /// Deletes a task while nobody else can change it; false if there is none.
  ///
  /// @param allowed hears of the task and may refuse
  boolean delete(OrgId org, TaskId task, Consumer<Task> allowed);
}
