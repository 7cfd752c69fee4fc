package dev.parley.server.app.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;
import dev.parley.server.app.config.LogConfig;
import java.io.OutputStream;
import java.time.ZoneId;
import java.util.List;
import org.slf4j.LoggerFactory;

/// The log of a running process: open from [#open] until [#close], which writes what still waits.
public final class Logging implements AutoCloseable {
  private static final List<String> CHATTY =
      List.of(
          "io.netty",
          "io.vertx",
          "com.zaxxer.hikari",
          "org.flywaydb",
          "org.postgresql",
          "com.github.kagkarlsson");
  private static final List<String> VERBOSE = List.of("com.zaxxer.hikari", "org.flywaydb");

  private final LoggerContext context;
  private final LogQueue queue;

  private Logging(LoggerContext context, LogQueue queue) {
    this.context = context;
    this.queue = queue;
  }

  /// Sends all log lines to `out` from now on; also those of threads that die of an exception.
  ///
  /// @param colours whether `out` is a terminal that shows them
  public static Logging open(LogConfig config, OutputStream out, boolean colours) {
    var context = (LoggerContext) LoggerFactory.getILoggerFactory();
    context.reset();
    var queue = new LogQueue();
    queue.setContext(context);
    queue.addAppender(appender(context, format(config.format(), colours), out));
    queue.start();
    var root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    root.setLevel(Level.toLevel(config.level().name()));
    root.addAppender(queue);
    quieten(context, config.level());
    Thread.setDefaultUncaughtExceptionHandler(
        (thread, failure) ->
            LoggerFactory.getLogger(Logging.class)
                .error("thread {} died", thread.getName(), failure));
    return new Logging(context, queue);
  }

  /// Libraries tell at DEBUG what only their authors want to know, and two of them at INFO as well.
  private static void quieten(LoggerContext context, LogConfig.Level level) {
    if (level == LogConfig.Level.DEBUG) {
      CHATTY.forEach(library -> context.getLogger(library).setLevel(Level.INFO));
    }
    if (level == LogConfig.Level.INFO) {
      VERBOSE.forEach(library -> context.getLogger(library).setLevel(Level.WARN));
    }
  }

  private static LineFormat format(LogConfig.Format format, boolean colours) {
    return switch (format) {
      case JSON -> new JsonFormat();
      case PRETTY -> new PrettyFormat(colours, ZoneId.systemDefault());
    };
  }

  static OutputStreamAppender<ILoggingEvent> appender(
      LoggerContext context, LineFormat format, OutputStream out) {
    var encoder = new LineEncoder(format);
    encoder.setContext(context);
    encoder.start();
    var appender = new OutputStreamAppender<ILoggingEvent>();
    appender.setContext(context);
    appender.setEncoder(encoder);
    appender.setOutputStream(new KeptOpen(out));
    appender.start();
    return appender;
  }

  /// Lines lost because [LogQueue] was full; a counter for the metrics.
  public long dropped() {
    return queue.dropped();
  }

  /// Writes what still waits, for two seconds at most. Lines logged later are lost.
  @Override
  public void close() {
    context.getLogger(Logger.ROOT_LOGGER_NAME).detachAppender(queue);
    queue.stop();
  }
}
