package dev.parley.client;

import dev.parley.protocol.ClientCommand;
import dev.parley.protocol.ServerEvent.Failure;
import dev.parley.protocol.ServerEvent.Ok;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
  ///
  /// @param durable whether it outlives its connection
  private record Entry(ClientCommand command, Answer answer, boolean durable) {}

  /// An id that no command of this client had before.
  long nextId() {
    return ++lastId;
  }

  /// Takes a command in and answers with it as it goes on the wire.
  ClientCommand add(LongFunction<ClientCommand> command, Answer answer, boolean durable) {
    var made = command.apply(nextId());
    entries.put(made.id(), new Entry(made, answer, durable));
    return made;
  }

  /// Settles a command; an unknown id is one that another connection has answered.
  void ok(Ok ok) {
    take(ok.id()).ifPresent(entry -> entry.answer().ok(ok));
  }

  void refused(Failure failure) {
    take(failure.id()).ifPresent(entry -> entry.answer().refused(failure));
  }

  /// Forgets what was meant for the connection that is gone.
  void disconnected() {
    entries.values().removeIf(entry -> !entry.durable());
  }

  /// Everything unanswered, oldest first.
  void each(Consumer<ClientCommand> send) {
    entries.values().forEach(entry -> send.accept(entry.command()));
  }

  /// The id of the command that waits for longest, or null.
  @Nullable Long oldest() {
    var ids = entries.keySet().iterator();
    return ids.hasNext() ? ids.next() : null;
  }

  void abandon(ClientClosedException why) {
    var abandoned = List.copyOf(entries.values());
    entries.clear();
    abandoned.forEach(entry -> entry.answer().abandoned(why));
  }

  private Optional<Entry> take(long id) {
    return Optional.ofNullable(entries.remove(id));
  }
}
