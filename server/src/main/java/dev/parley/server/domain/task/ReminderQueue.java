package dev.parley.server.domain.task;

import dev.parley.server.domain.event.UserEvent;
import java.time.Instant;

/// Watches for tasks that become due. Every due date of an open task is raised exactly once over
/// all nodes, also if the node that would do it dies at any moment: the event in the assignee's own
/// log, the task's mark and the end of the job are one transaction.
///
/// Nothing is raised for somebody who left the organization. A task that cannot be reminded of now
/// is tried again, more and more slowly, once a minute at last.
public interface ReminderQueue {
  /// Watches until it is closed; closing waits for what is under way. Several nodes may watch.
  AutoCloseable watch(Listener listener);

  /// Hears what became of due tasks, after the commit; called by several threads, may block.
  interface Listener {
    /// The reminder is in the log of its user.
    ///
    /// @param expected when it was to come: the due date, or when a task was made that was overdue
    ///   already
    void raised(UserEvent.TaskDue event, Instant expected);

    /// There was nobody to be reminded any more.
    void dropped();

    /// It could not be raised now and will be tried again.
    void postponed();
  }
}
