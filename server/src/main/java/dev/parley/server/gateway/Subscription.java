package dev.parley.server.gateway;

import dev.parley.server.domain.access.RoomAccess;

/// A connection's wish to hear a room, and how far it has heard it. Event loop only.
public final class Subscription {
  /// How a subscription stands to the room's live events.
  public enum State {
    /// Gets every event as it comes; its position is that of the last one.
    LIVE,
    /// Is being sent older events from the log, and becomes live when there are no more.
    CATCHING_UP,
    /// Was too slow: gets nothing until the client pulls to the head.
    BEHIND,
    /// Hears nothing any more.
    ENDED
  }

  private final Connection connection;
  private final Dialect dialect;
  private final RoomAccess access;
  private State state = State.CATCHING_UP;
  private long pos;

  /// Its place in its [LoopTopic].
  private int slot;

  /// The last position that the kernel took, for dialects with receipts.
  private long reached;

  Subscription(Connection connection, Dialect dialect, RoomAccess access, long pos) {
    this.connection = connection;
    this.dialect = dialect;
    this.access = access;
    this.pos = pos;
    this.reached = pos;
  }

  Connection connection() {
    return connection;
  }

  public Dialect dialect() {
    return dialect;
  }

  public RoomAccess access() {
    return access;
  }

  /// Whether the user is no member and hears the room because it is public.
  boolean onlyLooks() {
    return access.role().isEmpty() && !access.userId().isOpen();
  }

  public State state() {
    return state;
  }

  public long pos() {
    return pos;
  }

  int slot() {
    return slot;
  }

  void slot(int place) {
    slot = place;
  }

  void become(State next) {
    state = next;
  }

  /// Takes note of what the client fetched by itself.
  void pulledTo(long position) {
    pos = Math.max(pos, position);
  }

  /// Sends what of these events is new to the connection, if it follows what it has.
  ///
  /// @return whether it did; if not there is a hole, or no room for it in the socket's queue
  boolean deliver(EncodedEvents batch, long upTo) {
    long last = Math.min(batch.last(), upTo);
    if (pos >= last) {
      return true;
    }
    if (pos + 1 < batch.first()) {
      return false;
    }
    int from = (int) (pos + 1 - batch.first());
    int to = (int) (last + 1 - batch.first());
    boolean taken = dialect.echo() ? write(batch, from, to) : writeOthers(batch, from, to);
    if (taken) {
      pos = last;
    }
    if (dialect.receipts()) {
      connection.wrote(this);
    }
    return taken;
  }

  /// Takes note that the kernel has everything up to here.
  ///
  /// @return the first position that is new
  long reach() {
    long first = reached + 1;
    reached = pos;
    return first;
  }

  private boolean write(EncodedEvents batch, int from, int to) {
    return connection.offer(batch.in(dialect), from, to);
  }

  /// Leaves out the user's own messages.
  private boolean writeOthers(EncodedEvents batch, int from, int to) {
    var user = access.userId();
    for (int i = from; i < to; i++) {
      var event = batch.events().get(i);
      if (!event.actor().equals(user) && !write(batch, i, i + 1)) {
        return false;
      }
      pos = event.pos();
    }
    return true;
  }
}
