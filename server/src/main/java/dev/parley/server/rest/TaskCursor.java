package dev.parley.server.rest;

import dev.parley.server.base.Refusal;
import dev.parley.server.base.TaskId;
import dev.parley.server.domain.task.TaskPage;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.regex.Pattern;

/// A place in a list of tasks as a short text: microseconds since 1970, and the task's id.
final class TaskCursor {
  private static final Pattern SHAPE = Pattern.compile("([0-9]{1,18})\\.([0-9a-f-]{36})");

  private TaskCursor() {}

  /// Writes a place.
  static String text(TaskPage.Place place) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, place.at()) + "." + place.task();
  }

  /// Reads a place.
  ///
  /// @throws dev.parley.server.base.RefusedException bad_request if it is none of ours
  static TaskPage.Place parse(String text) {
    var parts = SHAPE.matcher(text);
    if (!parts.matches()) {
      throw Refusal.badRequest("after must be the next of a page before");
    }
    var at = Instant.EPOCH.plus(Long.parseLong(parts.group(1)), ChronoUnit.MICROS);
    return new TaskPage.Place(at, TaskId.of(parts.group(2)));
  }
}
