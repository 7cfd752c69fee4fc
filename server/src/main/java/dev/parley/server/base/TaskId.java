package dev.parley.server.base;

import java.util.UUID;

/// Names a task.
public record TaskId(UUID value) implements Comparable<TaskId> {
  /// The id of this text, which must be a UUID.
  public static TaskId of(String text) {
    return new TaskId(Ids.uuid("task id", text));
  }

  @Override
  public int compareTo(TaskId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value.toString();
  }
}
