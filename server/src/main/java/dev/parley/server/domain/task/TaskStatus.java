package dev.parley.server.domain.task;

import dev.parley.server.base.Refusal;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// How far a task is.
public enum TaskStatus {
  /// Nobody has begun.
  PENDING,
  /// Somebody is at it.
  IN_PROGRESS,
  /// It is done.
  COMPLETED,
  /// It will not be done.
  CANCELLED;

  /// The status of a wire name such as `in_progress`.
  public static TaskStatus ofWireName(String name) {
    return find(name)
        .orElseThrow(
            () ->
                Refusal.badRequest(
                    "status must be one of pending, in_progress, completed, cancelled"));
  }

  /// The same; empty for other names.
  public static Optional<TaskStatus> find(String name) {
    return Arrays.stream(values()).filter(status -> status.wireName().equals(name)).findFirst();
  }

  /// The name on the wire, in lower case.
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// Whether there is still something to do, and so to remind of.
  public boolean open() {
    return this == PENDING || this == IN_PROGRESS;
  }
}
