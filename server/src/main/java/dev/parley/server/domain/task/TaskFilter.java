package dev.parley.server.domain.task;

import dev.parley.server.base.UserId;
import java.time.Instant;
import java.util.Optional;

/// Which tasks are wanted; what is empty does not matter.
///
/// @param involved only those that this user has to do or wanted
/// @param dueFrom only those that are due then or later
/// @param dueBefore only those that are due before
/// @param text only those whose title or description contains it, whatever the case of its letters
/// @param openOnly only those that are neither completed nor cancelled
public record TaskFilter(
    Optional<TaskStatus> status,
    Optional<TaskPriority> priority,
    Optional<UserId> assignee,
    Optional<UserId> involved,
    Optional<Instant> dueFrom,
    Optional<Instant> dueBefore,
    Optional<String> text,
    boolean openOnly) {
  /// All tasks.
  public static final TaskFilter ALL =
      new TaskFilter(
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          false);

  /// The tasks that a user has to do.
  public static TaskFilter of(UserId assignee) {
    return ALL.withAssignee(assignee);
  }

  /// The same, of one user only.
  public TaskFilter withAssignee(UserId user) {
    return new TaskFilter(
        status, priority, Optional.of(user), involved, dueFrom, dueBefore, text, openOnly);
  }

  /// The same, in one status only.
  public TaskFilter withStatus(TaskStatus wanted) {
    return new TaskFilter(
        Optional.of(wanted), priority, assignee, involved, dueFrom, dueBefore, text, openOnly);
  }

  /// The same, as far as a user has to do it or wanted it.
  TaskFilter withInvolved(UserId user) {
    return new TaskFilter(
        status, priority, assignee, Optional.of(user), dueFrom, dueBefore, text, openOnly);
  }

  /// The same, as far as it is open and due before a moment, overdue ones included.
  TaskFilter dueSoon(Instant before) {
    var earlier = dueBefore.filter(bound -> bound.isBefore(before)).orElse(before);
    return new TaskFilter(
        status, priority, assignee, involved, dueFrom, Optional.of(earlier), text, true);
  }
}
