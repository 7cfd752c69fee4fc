package dev.parley.server.domain.task;

import dev.parley.server.base.UserId;
import java.time.Instant;
import java.util.Optional;

/// What is to be different about a task; what is empty stays.
public record TaskChange(
    Optional<String> title,
    Optional<String> description,
    Optional<TaskStatus> status,
    Optional<TaskPriority> priority,
    Optional<UserId> assignee,
    DueChange due) {
  public TaskChange {
    title = title.map(NewTask::title);
    description = description.map(NewTask::description);
  }

  /// What becomes of the due date.
  public sealed interface DueChange {
    /// It stays.
    record Keep() implements DueChange {}

    /// There is none any more.
    record Clear() implements DueChange {}

    /// It is this one.
    record Set(Instant at) implements DueChange {
      public Set {
        NewTask.requireKept(at);
      }
    }

    /// The due date after the change.
    default Optional<Instant> apply(Optional<Instant> before) {
      return switch (this) {
        case Keep() -> before;
        case Clear() -> Optional.empty();
        case Set(var at) -> Optional.of(at);
      };
    }
  }
}
