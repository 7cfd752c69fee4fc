package dev.parley.client;

import dev.parley.protocol.ClientCommand;
import dev.parley.protocol.ServerEvent.Failure;
import dev.parley.protocol.ServerEvent.Ok;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/// The commands that wait for their answer, in the order in which they were given; that is also the
/// order in which they are sent again on the next connection. Client thread only.
///
/// It is bounded by the permits that [ParleyClient] hands out.
final class Outbox {
  private final Map<Long, Entry> entries = new LinkedHashMap<>();
  private long lastId;

  /// What became of a command.
  interface Answer {
    void ok(Ok ok);

    void refused(Failure failure);

    /// The client gives up; nobody knows.
    void abandoned(ClientClosedException why);
  }

  /// A command, and who waits for its answer.
  private static final class Entry {
    private final ClientCommand command;
    private final Answer answer;
    private final boolean durable;
    private boolean sent;
    private boolean uncertain;

    private Entry(ClientCommand command, Answer answer, boolean durable) {
      this.command = command;
      this.answer = answer;
      this.durable = durable;
    }
  }

  /// An id that no command of this client had before.
  long nextId() {
    return ++lastId;
  }

  /// Takes a command in and answers with it as it goes on the wire.
  ///
  /// @param durable whether it outlives its connection
  ClientCommand add(LongFunction<ClientCommand> command, Answer answer, boolean durable) {
    var made = command.apply(nextId());
    entries.put(made.id(), new Entry(made, answer, durable));
    return made;
  }

  /// A command goes out on the present connection.
  void sent(long id) {
    var entry = entries.get(id);
    if (entry != null) {
      entry.sent = true;
    }
  }

  /// Settles a command; an unknown id is one that another connection has answered.
  void ok(Ok ok) {
    var entry = entries.remove(ok.id());
    if (entry != null) {
      entry.answer.ok(ok);
    }
  }

  /// Settles a command, unless the error may pass and an earlier connection ended without an answer
  /// to it: then the error speaks of this attempt only, and the command may have been done.
  ///
  /// @return whether the command is to be sent again
  boolean refused(Failure failure) {
    var entry = entries.get(failure.id());
    if (entry == null) {
      return false;
    }
    if (entry.uncertain && failure.code().temporary()) {
      entry.sent = false;
      return true;
    }
    entries.remove(failure.id());
    entry.answer.refused(failure);
    return false;
  }

  /// Forgets what was meant for the connection that is gone. Nobody knows what became of the rest.
  void disconnected() {
    entries.values().removeIf(entry -> !entry.durable);
    for (var entry : entries.values()) {
      entry.uncertain |= entry.sent;
      entry.sent = false;
    }
  }

  /// Everything that is not under way, oldest first.
  void eachUnsent(Consumer<ClientCommand> send) {
    for (var entry : List.copyOf(entries.values())) {
      if (!entry.sent) {
        send.accept(entry.command);
      }
    }
  }

  /// The id of the command that waits for longest, or null.
  @Nullable Long oldest() {
    var ids = entries.keySet().iterator();
    return ids.hasNext() ? ids.next() : null;
  }

  void abandon(ClientClosedException why) {
    var abandoned = List.copyOf(entries.values());
    entries.clear();
    abandoned.forEach(entry -> entry.answer.abandoned(why));
  }
}
