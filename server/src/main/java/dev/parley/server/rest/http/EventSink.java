package dev.parley.server.rest.http;

/// The sending end of one event stream. One thread writes.
public interface EventSink {
  /// Sends text in the form of the event stream format and waits until the socket took it.
  ///
  /// @return false if the stream has ended: the client went, read too slowly, or the server stops
  boolean send(String text) throws InterruptedException;
}
