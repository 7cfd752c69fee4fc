package dev.parley.server.gateway;

import dev.parley.server.domain.event.EphemeralEvent;
import dev.parley.server.domain.event.UserEvent;

/// What one kind of client says over a connection and hears besides room events. All calls come one
/// after the other, on virtual threads: plain blocking code.
public interface Session {
  /// The dialect that is spoken, as metrics name it: one of few words.
  default String dialect() {
    return "seed";
  }

  /// The first call: the socket is open.
  void opened();

  /// The client sent a text message.
  void text(String message);

  /// Whether a binary message is read as text, as older clients may send it; otherwise it ends the
  /// connection.
  default boolean takesBinary() {
    return false;
  }

  /// Something was committed to the user's own log.
  default void userEvent(UserEvent event) {}

  /// The user's own log reaches to a position, and an event before it may never have been told.
  default void userHead(long pos) {}

  /// A subscription was too slow and gets nothing until it is pulled to the head; called when the
  /// socket has room again.
  default void behind(Subscription subscription) {}

  /// The user was sent away from a room; the subscription has ended.
  default void fenced(Subscription subscription) {}

  /// A subscription has everything there is, and hears the rest as it comes.
  default void live(Subscription subscription) {}

  /// The kernel has taken everything up to a position for the client; only for dialects with
  /// receipts.
  ///
  /// @param first the first position that is new
  default void reached(Subscription subscription, long first, long last) {}

  /// Something has reached another member of a room; only for dialects with receipts.
  default void received(EphemeralEvent.Received receipt) {}

  /// The time that was set by [Connection#alarm] has come.
  default void alarm() {}

  /// The node goes down within this time.
  default void drain(long withinMillis) {}

  /// The last call: the socket is gone.
  ///
  /// @param code the close code, or 1005, 1006
  default void closed(int code) {}
}
