package dev.parley.server.domain.task;

import dev.parley.server.base.TaskId;
import java.time.Instant;
import java.util.Optional;

/// One page of a list of tasks.
///
/// @param order by what it is sorted
/// @param after the last task of the page before; empty for the first page
/// @param limit how many
public record TaskPage(Order order, Optional<Place> after, int limit) {
  /// By what a list is sorted.
  public enum Order {
    /// The one that was made last comes first.
    NEWEST,
    /// The one that is due first comes first; those without a due date are not in it.
    DUE
  }

  /// A task's place in a list.
  ///
  /// @param at when it was made, or is due
  public record Place(Instant at, TaskId task) {}

  /// The place of a task in this order.
  public Place place(Task task) {
    return switch (order) {
      case NEWEST -> new Place(task.createdAt(), task.id());
      case DUE -> new Place(task.dueAt().orElseThrow(), task.id());
    };
  }
}
