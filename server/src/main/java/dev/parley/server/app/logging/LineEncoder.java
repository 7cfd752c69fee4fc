package dev.parley.server.app.logging;

import static java.nio.charset.StandardCharsets.UTF_8;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.encoder.EncoderBase;
import dev.parley.server.base.Redaction;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Turns one event into the bytes of one line, after [Redaction].
final class LineEncoder extends EncoderBase<ILoggingEvent> {
  private static final int MAX_MESSAGE = 16_384;
  private static final byte[] NOTHING = {};

  private final LineFormat format;

  LineEncoder(LineFormat format) {
    this.format = format;
  }

  @Override
  public byte[] encode(ILoggingEvent event) {
    return format.line(lineOf(event)).getBytes(UTF_8);
  }

  private static Line lineOf(ILoggingEvent event) {
    return new Line(
        event.getInstant(),
        event.getLevel(),
        event.getLoggerName(),
        event.getThreadName(),
        clean(event.getFormattedMessage()),
        fields(event),
        Optional.ofNullable(event.getThrowableProxy())
            .map(thrown -> clean(ThrowableProxyUtil.asString(thrown))));
  }

  /// The MDC (the request id is there) and the pairs given with the event.
  private static Map<String, String> fields(ILoggingEvent event) {
    var fields = new LinkedHashMap<String, String>();
    event.getMDCPropertyMap().forEach((name, value) -> fields.put(name, clean(value)));
    if (event.getKeyValuePairs() != null) {
      // Joined with its name, a value called "token" is hidden like any other.
      event
          .getKeyValuePairs()
          .forEach(pair -> fields.put(pair.key, valueOf(pair.key, String.valueOf(pair.value))));
    }
    return fields;
  }

  private static String valueOf(String name, String value) {
    return clean(name + "=" + value).substring(name.length() + 1);
  }

  private static String clean(String text) {
    boolean tooLong = text.length() > MAX_MESSAGE;
    return Redaction.line(tooLong ? text.substring(0, MAX_MESSAGE) + "…" : text);
  }

  @Override
  public byte[] headerBytes() {
    return NOTHING;
  }

  @Override
  public byte[] footerBytes() {
    return NOTHING;
  }
}
