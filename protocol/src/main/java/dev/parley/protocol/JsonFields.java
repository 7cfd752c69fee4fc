package dev.parley.protocol;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/// Writes optional fields: what is null or empty is left out.
final class JsonFields {
  private JsonFields() {}

  static void string(JsonGenerator json, String name, @Nullable String value) {
    if (value != null) {
      json.writeStringProperty(name, value);
    }
  }

  static void number(JsonGenerator json, String name, @Nullable Long value) {
    if (value != null) {
      json.writeNumberProperty(name, value);
    }
  }

  static void uuid(JsonGenerator json, String name, @Nullable UUID value) {
    if (value != null) {
      json.writeStringProperty(name, value.toString());
    }
  }

  static void instant(JsonGenerator json, String name, @Nullable Instant value) {
    if (value != null) {
      json.writeStringProperty(name, value.toString());
    }
  }

  static void flag(JsonGenerator json, String name, boolean value) {
    if (value) {
      json.writeBooleanProperty(name, true);
    }
  }

  static void strings(JsonGenerator json, String name, List<String> values) {
    if (!values.isEmpty()) {
      json.writeArrayPropertyStart(name);
      values.forEach(json::writeString);
      json.writeEndArray();
    }
  }

  static void numbers(JsonGenerator json, String name, Map<String, Long> values) {
    json.writeObjectPropertyStart(name);
    values.forEach(json::writeNumberProperty);
    json.writeEndObject();
  }

  static void cursor(JsonGenerator json, String name, @Nullable Cursor cursor) {
    if (cursor != null) {
      json.writeObjectPropertyStart(name);
      json.writeStringProperty("epoch", cursor.epoch());
      json.writeNumberProperty("pos", cursor.pos());
      json.writeEndObject();
    }
  }
}
