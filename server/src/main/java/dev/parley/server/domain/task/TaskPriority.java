package dev.parley.server.domain.task;

import dev.parley.server.base.Refusal;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/// How much a task matters, from least to most.
public enum TaskPriority {
  LOW,
  MEDIUM,
  HIGH,
  URGENT;

  /// The priority of a wire name such as `high`.
  public static TaskPriority ofWireName(String name) {
    return find(name)
        .orElseThrow(() -> Refusal.badRequest("priority must be one of low, medium, high, urgent"));
  }

  /// The same; empty for other names.
  public static Optional<TaskPriority> find(String name) {
    return Arrays.stream(values()).filter(priority -> priority.wireName().equals(name)).findFirst();
  }

  /// The name on the wire, in lower case.
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
