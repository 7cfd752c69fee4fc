package dev.parley.server.domain.task;

import dev.parley.server.base.Limits;
import dev.parley.server.base.Names;
import dev.parley.server.base.Refusal;
import java.time.Instant;
import java.util.Optional;

/// What somebody wants to have done.
///
/// @param title 1 to [Limits#TASK_TITLE] characters
/// @param description at most [Limits#TASK_DESCRIPTION] characters
public record NewTask(
    String title, String description, TaskPriority priority, Optional<Instant> dueAt) {
  public NewTask {
    title = title(title);
    description = description(description);
    dueAt.ifPresent(NewTask::requireKept);
  }

  /// A title as it is kept.
  static String title(String text) {
    return Names.required("title", text, Limits.TASK_TITLE);
  }

  /// A description as it is kept.
  static String description(String text) {
    if (text.codePointCount(0, text.length()) > Limits.TASK_DESCRIPTION) {
      throw Refusal.badRequest(
          "description must have at most " + Limits.TASK_DESCRIPTION + " characters");
    }
    return Names.storable("description", text);
  }

  /// What the years have four digits for can be written down everywhere.
  static void requireKept(Instant due) {
    if (due.isBefore(Instant.EPOCH) || !due.isBefore(Instant.ofEpochSecond(253_402_300_800L))) {
      throw Refusal.badRequest("due_date must lie between 1970 and 9999");
    }
  }
}
