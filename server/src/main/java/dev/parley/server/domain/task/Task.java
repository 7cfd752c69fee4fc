package dev.parley.server.domain.task;

import dev.parley.server.base.OrgId;
import dev.parley.server.base.TaskId;
import dev.parley.server.base.UserId;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/// Something that somebody has to do.
///
/// @param assignee who has to do it, and is reminded
/// @param dueAt until when; the reminder comes at this moment
/// @param completedAt since when it is completed; empty in every other status
/// @param remindedAt when the reminder of this due date was raised
public record Task(
    OrgId org,
    TaskId id,
    UserId assignee,
    UserId createdBy,
    String title,
    String description,
    TaskStatus status,
    TaskPriority priority,
    Optional<Instant> dueAt,
    Instant createdAt,
    Instant updatedAt,
    Optional<Instant> completedAt,
    Optional<Instant> remindedAt) {

  /// A task that nobody has begun.
  static Task fresh(
      OrgId org, TaskId id, UserId assignee, UserId creator, NewTask wish, Instant now) {
    var at = now.truncatedTo(ChronoUnit.MICROS);
    return new Task(
        org,
        id,
        assignee,
        creator,
        wish.title(),
        wish.description(),
        TaskStatus.PENDING,
        wish.priority(),
        wish.dueAt().map(due -> due.truncatedTo(ChronoUnit.MICROS)),
        at,
        at,
        Optional.empty(),
        Optional.empty());
  }

  /// When it is to remind of itself; empty if it has done so, or if there is nothing to remind of.
  public Optional<Instant> remindAt() {
    return status.open() && remindedAt.isEmpty() ? dueAt : Optional.empty();
  }

  /// Whether the user has to do it, or wanted it.
  public boolean concerns(UserId user) {
    return assignee.equals(user) || createdBy.equals(user);
  }

  /// The task after a change.
  Task with(TaskChange change, Instant now) {
    var at = now.truncatedTo(ChronoUnit.MICROS);
    var next = change.status().orElse(status);
    var due = change.due().apply(dueAt).map(moment -> moment.truncatedTo(ChronoUnit.MICROS));
    return new Task(
        org,
        id,
        change.assignee().orElse(assignee),
        createdBy,
        change.title().orElse(title),
        change.description().orElse(description),
        next,
        change.priority().orElse(priority),
        due,
        createdAt,
        at.isAfter(updatedAt) ? at : updatedAt,
        next == TaskStatus.COMPLETED ? completedAt.or(() -> Optional.of(at)) : Optional.empty(),
        due.equals(dueAt) ? remindedAt : Optional.empty());
  }
}
