package dev.parley.server.gateway;

import dev.parley.server.base.Limits;
import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Runs the tasks of one session one after the other on virtual threads. Keeps nothing while there
/// is nothing to do. Guarded by this.
final class SessionQueue {
  /// Once [Limits#COMMANDS] wait, the socket is read no further; but the frames of the read that is
  /// under way still come, and 64 KiB hold up to 10,922 of them.
  private static final int CAP = 64 * Limits.COMMANDS;

  private final Executor executor;
  private final Consumer<Throwable> onFailure;
  private @Nullable ArrayDeque<Runnable> tasks;
  private @Nullable Runnable whenHalf;
  private @Nullable Runnable whenSettled;
  private boolean running;
  private int appends;
  private int bytes;

  SessionQueue(Executor executor, Consumer<Throwable> onFailure) {
    this.executor = executor;
    this.onFailure = onFailure;
  }

  /// Adds a task; false if far too many wait already.
  synchronized boolean add(Runnable task) {
    if (tasks == null) {
      tasks = new ArrayDeque<>(4);
    }
    if (tasks.size() >= CAP) {
      return false;
    }
    tasks.add(task);
    start();
    return true;
  }

  /// Adds a task that holds a command of so many bytes; false if far too many wait already.
  synchronized boolean add(int size, Runnable command) {
    bytes += size;
    return add(
        () -> {
          try {
            command.run();
          } finally {
            taken(size);
          }
        });
  }

  private synchronized void taken(int size) {
    bytes -= size;
    notifyHalf();
  }

  /// Whether so much waits that the socket is better not read.
  synchronized boolean isFull() {
    return size() >= Limits.COMMANDS || bytes >= Limits.COMMAND_BYTES;
  }

  /// Whether half of the room is free again.
  synchronized boolean hasRoom() {
    return size() <= Limits.COMMANDS / 2 && bytes <= Limits.COMMAND_BYTES / 2;
  }

  /// Adds the task after which there is none; never refused.
  synchronized void addLast(Runnable task) {
    if (tasks == null) {
      tasks = new ArrayDeque<>(1);
    }
    tasks.add(task);
    start();
  }

  synchronized int size() {
    return tasks == null ? 0 : tasks.size();
  }

  /// Counts an append whose outcome is not known; at [Limits#APPENDS_PER_CONNECTION] of them the
  /// queue stands still.
  synchronized void pause() {
    appends++;
  }

  /// The outcome is known.
  synchronized void resume() {
    appends--;
    if (appends <= 0 && whenSettled != null) {
      whenSettled.run();
      whenSettled = null;
    }
    start();
  }

  /// Calls back once, when no append waits for its outcome.
  synchronized void whenSettled(Runnable callback) {
    if (appends <= 0) {
      callback.run();
    } else {
      whenSettled = callback;
    }
  }

  /// Calls back once, when a command was taken or done and half of the room is free. More may have
  /// come until the callback looks; then it has to ask again.
  synchronized void whenHalf(Runnable callback) {
    whenHalf = callback;
    if (size() == 0) {
      notifyHalf();
    }
  }

  private void start() {
    if (!running && tasks != null && appends < Limits.APPENDS_PER_CONNECTION) {
      running = true;
      executor.execute(this::run);
    }
  }

  private void run() {
    for (var task = next(); task != null; task = next()) {
      try {
        task.run();
      } catch (Throwable e) {
        onFailure.accept(e);
      }
    }
  }

  private synchronized @Nullable Runnable next() {
    if (tasks == null || appends >= Limits.APPENDS_PER_CONNECTION) {
      running = false;
      return null;
    }
    var task = tasks.poll();
    notifyHalf();
    if (task == null) {
      tasks = null;
      running = false;
    }
    return task;
  }

  private void notifyHalf() {
    var callback = whenHalf;
    if (callback != null && hasRoom()) {
      // Before it runs, because it may ask anew.
      whenHalf = null;
      callback.run();
    }
  }
}
