package dev.parley.server.rest.openapi;

import dev.parley.server.base.DeviceId;
import dev.parley.server.base.FileId;
import dev.parley.server.base.OrgId;
import dev.parley.server.base.RoomId;
import dev.parley.server.base.TaskId;
import dev.parley.server.base.UserId;
import dev.parley.server.domain.access.Role;
import dev.parley.server.domain.access.RoomKind;
import dev.parley.server.domain.identity.Password;
import dev.parley.server.domain.identity.RefreshToken;
import dev.parley.server.domain.task.TaskPriority;
import dev.parley.server.domain.task.TaskStatus;
import dev.parley.server.rest.http.Json;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/// JSON schemas of the records that travel in bodies, collected under their simple names.
final class Schemas {
  private static final Map<Type, Map<String, Object>> PLAIN =
      Map.ofEntries(
          Map.entry(String.class, Map.of("type", "string")),
          Map.entry(boolean.class, Map.of("type", "boolean")),
          Map.entry(Boolean.class, Map.of("type", "boolean")),
          Map.entry(int.class, Map.of("type", "integer", "format", "int32")),
          Map.entry(Integer.class, Map.of("type", "integer", "format", "int32")),
          Map.entry(long.class, Map.of("type", "integer", "format", "int64")),
          Map.entry(Long.class, Map.of("type", "integer", "format", "int64")),
          Map.entry(Instant.class, Map.of("type", "string", "format", "date-time")),
          Map.entry(UUID.class, Map.of("type", "string", "format", "uuid")),
          Map.entry(OrgId.class, Map.of("type", "string", "format", "uuid")),
          Map.entry(RoomId.class, Map.of("type", "string", "format", "uuid")),
          Map.entry(DeviceId.class, Map.of("type", "string", "format", "uuid")),
          Map.entry(FileId.class, Map.of("type", "string", "format", "uuid")),
          Map.entry(Password.class, Map.of("type", "string", "format", "password")),
          Map.entry(RefreshToken.class, Map.of("type", "string", "format", "password")),
          Map.entry(UserId.class, Map.of("type", "string")),
          Map.entry(
              Role.class,
              Map.of(
                  "type",
                  "string",
                  "enum",
                  Arrays.stream(Role.values()).map(Role::wireName).toList())),
          Map.entry(
              RoomKind.class,
              Map.of(
                  "type",
                  "string",
                  "enum",
                  Arrays.stream(RoomKind.values()).map(RoomKind::wireName).toList())),
          Map.entry(TaskId.class, Map.of("type", "string", "format", "uuid")),
          Map.entry(
              TaskStatus.class,
              Map.of(
                  "type",
                  "string",
                  "enum",
                  Arrays.stream(TaskStatus.values()).map(TaskStatus::wireName).toList())),
          Map.entry(
              TaskPriority.class,
              Map.of(
                  "type",
                  "string",
                  "enum",
                  Arrays.stream(TaskPriority.values()).map(TaskPriority::wireName).toList())),
          Map.entry(
              Json.Clearable.class,
              Map.of("anyOf", List.of(Map.of("type", "string"), Map.of("type", "null")))),
          Map.entry(Json.Raw.class, Map.of("type", "object")));

  private static final String DIALECTS = ".compat.";

  private final Map<String, Object> byName = new TreeMap<>();
  private final Map<String, Class<?>> owners = new HashMap<>();

  /// All schemas so far, by name.
  Map<String, Object> all() {
    return byName;
  }

  /// A reference to the schema of a record, which is added if it is new.
  ///
  /// @param closed whether other fields are refused
  Map<String, Object> reference(Class<?> type, boolean closed) {
    var name = nameOf(type);
    var owner = owners.putIfAbsent(name, type);
    if (owner == null) {
      byName.put(name, Map.of());
      byName.put(name, object(type, closed));
    } else if (owner != type) {
      throw new IllegalStateException("two records for bodies are called " + name);
    }
    return Map.of("$ref", "#/components/schemas/" + name);
  }

  /// The dialects call their bodies alike, so each name there begins with the dialect's.
  private static String nameOf(Class<?> type) {
    var room = type.getPackageName();
    int dialect = room.indexOf(DIALECTS);
    if (dialect < 0) {
      return type.getSimpleName();
    }
    var family = room.substring(dialect + DIALECTS.length());
    if (type.getSimpleName().toLowerCase(Locale.ROOT).startsWith(family)) {
      return type.getSimpleName();
    }
    return family.substring(0, 1).toUpperCase(Locale.ROOT)
        + family.substring(1)
        + type.getSimpleName();
  }

  private Map<String, Object> object(Class<?> type, boolean closed) {
    var properties = new LinkedHashMap<String, Object>();
    var required = new ArrayList<String>();
    var example = new LinkedHashMap<String, Object>();
    for (var component : type.getRecordComponents()) {
      var name = Json.wireName(component.getName());
      properties.put(name, property(component, name, closed));
      Vocabulary.find(type, name).ifPresent(word -> example.put(name, word.example()));
      if (!Json.isOptional(component)) {
        required.add(name);
      }
    }
    var schema = new LinkedHashMap<String, Object>();
    schema.put("type", "object");
    schema.put("properties", properties);
    if (!required.isEmpty()) {
      schema.put("required", required);
    }
    if (closed) {
      schema.put("additionalProperties", false);
    }
    schema.put("examples", List.of(example));
    return schema;
  }

  private Map<String, Object> property(RecordComponent component, String name, boolean closed) {
    var schema = new LinkedHashMap<>(schema(component.getGenericType(), closed));
    Vocabulary.find(component.getDeclaringRecord(), name)
        .ifPresent(word -> schema.put("description", word.meaning()));
    return schema;
  }

  private Map<String, Object> schema(Type type, boolean closed) {
    var plain = PLAIN.get(type);
    if (plain != null) {
      return plain;
    }
    if (type instanceof ParameterizedType generic) {
      return container(generic, closed);
    }
    if (type instanceof Class<?> record && record.isRecord()) {
      return reference(record, closed);
    }
    throw new IllegalStateException("no schema for " + type);
  }

  private Map<String, Object> container(ParameterizedType generic, boolean closed) {
    var arguments = generic.getActualTypeArguments();
    if (generic.getRawType() == List.class) {
      return Map.of("type", "array", "items", schema(arguments[0], closed));
    }
    if (generic.getRawType() == Map.class) {
      return Map.of("type", "object", "additionalProperties", schema(arguments[1], closed));
    }
    throw new IllegalStateException("no schema for " + generic);
  }
}
