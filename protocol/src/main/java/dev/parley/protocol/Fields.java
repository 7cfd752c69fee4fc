package dev.parley.protocol;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The fields of one JSON object with typed, checking access. A field that is null counts as
/// absent.
final class Fields {
  private static final long MAX_SAFE_INTEGER = (1L << 53) - 1;

  private final Map<String, @Nullable Object> values;
  private final long id;

  Fields(Map<String, @Nullable Object> values) {
    this(values, idIn(values));
  }

  private Fields(Map<String, @Nullable Object> values, long id) {
    this.values = values;
    this.id = id;
  }

  private static long idIn(Map<String, @Nullable Object> values) {
    return values.get("id") instanceof Long id && id > 0 && id <= MAX_SAFE_INTEGER ? id : 0;
  }

  /// The id of the command, also for objects inside it, or 0 if there is none or it is not a
  /// number.
  long id() {
    return id;
  }

  boolean has(String name) {
    return values.get(name) != null;
  }

  String string(String name) {
    return required(name, stringOrNull(name), "must be a string");
  }

  @Nullable String stringOrNull(String name) {
    var value = values.get(name);
    if (value == null) {
      return null;
    }
    if (value instanceof String text) {
      return checked(name, text);
    }
    throw wrong(name + " must be a string");
  }

  long number(String name) {
    return required(name, numberOrNull(name), "must be an integer");
  }

  long numberOr(String name, long absent) {
    return Objects.requireNonNullElse(numberOrNull(name), absent);
  }

  @Nullable Long numberOrNull(String name) {
    return numberOf(name, values.get(name));
  }

  boolean flag(String name, boolean absent) {
    var value = values.get(name);
    if (value == null) {
      return absent;
    }
    if (value instanceof Boolean flag) {
      return flag;
    }
    throw wrong(name + " must be true or false");
  }

  @Nullable UUID uuidOrNull(String name) {
    var text = stringOrNull(name);
    if (text == null) {
      return null;
    }
    try {
      if (text.length() == 36) {
        return UUID.fromString(text);
      }
    } catch (IllegalArgumentException e) {
      // Reported below, like a wrong length.
    }
    throw wrong(name + " must be a UUID");
  }

  Instant instant(String name) {
    return required(name, instantOrNull(name), "must be an RFC 3339 time");
  }

  @Nullable Instant instantOrNull(String name) {
    var text = stringOrNull(name);
    try {
      return text == null ? null : Instant.parse(text);
    } catch (DateTimeException e) {
      throw wrong(name + " must be an RFC 3339 time");
    }
  }

  List<String> strings(String name) {
    var result = new ArrayList<String>();
    for (var value : list(name)) {
      if (!(value instanceof String text)) {
        throw wrong(name + " must be a list of strings");
      }
      result.add(checked(name, text));
    }
    return List.copyOf(result);
  }

  List<Fields> objects(String name) {
    return list(name).stream().map(value -> objectOf(name, value)).toList();
  }

  @Nullable Fields objectOrNull(String name) {
    var value = values.get(name);
    return value == null ? null : objectOf(name, value);
  }

  Map<String, Long> numbers(String name) {
    var result = new LinkedHashMap<String, Long>();
    var object = objectOrNull(name);
    if (object != null) {
      object.values.forEach(
          (key, value) -> {
            var number = numberOf(name, value);
            if (number != null) {
              result.put(key, number);
            }
          });
    }
    return result;
  }

  @Nullable Cursor cursorOrNull(String name) {
    var object = objectOrNull(name);
    return object == null ? null : object.cursor();
  }

  Map<String, Cursor> cursors(String name) {
    var result = new LinkedHashMap<String, Cursor>();
    var object = objectOrNull(name);
    if (object != null) {
      object.values.forEach((key, value) -> result.put(key, objectOf(name, value).cursor()));
    }
    return result;
  }

  MalformedFrameException wrong(String message) {
    return MalformedFrameException.wrongField(id, message);
  }

  private Cursor cursor() {
    return new Cursor(string("epoch"), number("pos"));
  }

  private List<@Nullable Object> list(String name) {
    var value = values.get(name);
    if (value == null) {
      return List.of();
    }
    if (value instanceof List<?> list) {
      return new ArrayList<>(list);
    }
    throw wrong(name + " must be a list");
  }

  @SuppressWarnings("unchecked") // Json.read builds maps with string keys only.
  private Fields objectOf(String name, @Nullable Object value) {
    if (value instanceof Map<?, ?> map) {
      return new Fields((Map<String, @Nullable Object>) map, id);
    }
    throw wrong(name + " must be an object");
  }

  private @Nullable Long numberOf(String name, @Nullable Object value) {
    if (value == null) {
      return null;
    }
    if (value instanceof Long number && number >= 0 && number <= MAX_SAFE_INTEGER) {
      return number;
    }
    throw wrong(name + " must be an integer from 0 to 2^53-1");
  }

  /// PostgreSQL cannot keep NUL, and UTF-8 cannot carry half a surrogate pair.
  private String checked(String name, String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == 0) {
        throw wrong(name + " must not contain the character NUL");
      }
      if (Character.isSurrogate(c)) {
        if (!Character.isHighSurrogate(c)
            || i + 1 == text.length()
            || !Character.isLowSurrogate(text.charAt(i + 1))) {
          throw wrong(name + " contains half of a surrogate pair");
        }
        i++;
      }
    }
    return text;
  }

  private <T> T required(String name, @Nullable T value, String what) {
    if (value == null) {
      throw wrong(name + " is required and " + what);
    }
    return value;
  }
}
