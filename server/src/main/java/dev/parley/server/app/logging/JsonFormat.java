package dev.parley.server.app.logging;

import java.io.StringWriter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Set;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/// One JSON object a line: `time`, `level`, `logger`, `thread`, `message`, the fields, and
/// `failure` with a stack trace.
final class JsonFormat implements LineFormat {
  private static final Set<String> OWN =
      Set.of("time", "level", "logger", "thread", "message", "failure");

  private final JsonFactory json = new JsonFactory();

  @Override
  public String line(Line line) {
    var text = new StringWriter(256);
    try (var object = json.createGenerator(ObjectWriteContext.empty(), text)) {
      object.writeStartObject();
      write(line, object);
      object.writeEndObject();
    }
    return text.append('\n').toString();
  }

  private static void write(Line line, JsonGenerator object) {
    object.writeStringProperty("time", line.time().truncatedTo(ChronoUnit.MILLIS).toString());
    object.writeStringProperty("level", line.level().levelStr.toLowerCase(Locale.ROOT));
    object.writeStringProperty("logger", line.logger());
    object.writeStringProperty("thread", line.thread());
    object.writeStringProperty("message", line.message());
    line.fields()
        .forEach(
            (name, value) ->
                object.writeStringProperty(OWN.contains(name) ? "_" + name : name, value));
    line.failure().ifPresent(trace -> object.writeStringProperty("failure", trace));
  }
}
