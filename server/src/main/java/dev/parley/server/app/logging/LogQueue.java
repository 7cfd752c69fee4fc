package dev.parley.server.app.logging;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.spi.ILoggingEvent;
import java.util.concurrent.atomic.LongAdder;

/// Keeps log lines between the threads that log and the one that writes, so that a slow terminal or
/// pipe never holds up an event loop. Holds [#CAPACITY] lines; when it is full a line is dropped
/// and counted.
final class LogQueue extends AsyncAppender {
  static final int CAPACITY = 8_192;

  private final LongAdder dropped = new LongAdder();

  LogQueue() {
    setQueueSize(CAPACITY);
    setDiscardingThreshold(0);
    setNeverBlock(true);
    setMaxFlushTime(2_000);
  }

  @Override
  protected void append(ILoggingEvent event) {
    if (getRemainingCapacity() == 0) {
      dropped.increment();
      return;
    }
    super.append(event);
  }

  /// Lines lost so far.
  long dropped() {
    return dropped.sum();
  }
}
