package dev.parley.server.rest.http;

/// What goes into one event stream (SSE). Runs on a virtual thread of its own, which is interrupted
/// when the client goes; when it returns, the stream ends.
@FunctionalInterface
public interface EventStream {
  /// Sends until there is a reason to stop.
  void run(EventSink sink) throws InterruptedException;
}
