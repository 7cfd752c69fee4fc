package dev.parley.server.rest.http;

import dev.parley.server.base.DeviceId;
import dev.parley.server.base.FileId;
import dev.parley.server.base.OrgId;
import dev.parley.server.base.Refusal;
import dev.parley.server.base.RefusedException;
import dev.parley.server.base.RoomId;
import dev.parley.server.base.TaskId;
import dev.parley.server.base.UserId;
import dev.parley.server.domain.access.Role;
import dev.parley.server.domain.access.RoomKind;
import dev.parley.server.domain.identity.Password;
import dev.parley.server.domain.identity.RefreshToken;
import dev.parley.server.domain.task.TaskPriority;
import dev.parley.server.domain.task.TaskStatus;
import java.lang.reflect.RecordComponent;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonFactoryBuilder;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.deser.std.StdDeserializer;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.std.StdSerializer;

/// Binds JSON bodies to records and back: snake_case, bounded depth, no coercion, no NUL, no half
/// surrogate pairs, and every component that is not nullable is required.
public final class Json {
  private static final int DEPTH = 32;
  private static final PropertyNamingStrategies.SnakeCaseStrategy SNAKE_CASE =
      new PropertyNamingStrategies.SnakeCaseStrategy();

  private final JsonMapper strict = mapper(true);
  private final JsonMapper lenient = mapper(false);

  /// JSON that was written before; goes into the answer as it is.
  public record Raw(String json) {}

  /// A text that a body may also take away, by the word null; absent it is no object at all.
  ///
  /// @param text empty if it is to be taken away
  public record Clearable(Optional<String> text) {
    /// The text as a moment (RFC 3339).
    ///
    /// @throws RefusedException bad_request
    public Optional<Instant> instant() {
      return text.map(Text::instant);
    }
  }

  /// Reads a body.
  ///
  /// @param strictly whether unknown fields and repeated names are refused
  /// @throws RefusedException bad_request, naming the field
  public <T> T read(byte[] body, Class<T> type, boolean strictly) {
    if (body.length == 0) {
      throw Refusal.badRequest("a JSON body is required");
    }
    try {
      var value = (strictly ? strict : lenient).readValue(body, type);
      if (value == null) {
        throw Refusal.badRequest("the body must be a JSON object");
      }
      return complete(value);
    } catch (JacksonException e) {
      throw Refusal.badRequest(explain(e));
    }
  }

  /// Writes a value; what is null is left out.
  public byte[] write(Object value) {
    return strict.writeValueAsBytes(value);
  }

  /// The wire name of a record's component.
  public static String wireName(String component) {
    return SNAKE_CASE.nameForField(null, null, component);
  }

  /// Whether a component may be absent.
  public static boolean isOptional(RecordComponent component) {
    return component.getAnnotatedType().isAnnotationPresent(Nullable.class);
  }

  private static JsonMapper mapper(boolean strict) {
    return JsonMapper.builder(factory(strict))
        .propertyNamingStrategy(SNAKE_CASE)
        .changeDefaultPropertyInclusion(
            inclusion ->
                inclusion.withValueInclusion(
                    com.fasterxml.jackson.annotation.JsonInclude.Include.NON_NULL))
        .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
        .configure(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, strict)
        .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
        .addModule(wireTypes())
        .build();
  }

  private static JsonFactory factory(boolean strict) {
    JsonFactoryBuilder builder =
        JsonFactory.builder()
            .streamReadConstraints(
                StreamReadConstraints.builder()
                    .maxNestingDepth(DEPTH)
                    .maxNumberLength(100)
                    .maxNameLength(256)
                    .build());
    return builder.configure(StreamReadFeature.STRICT_DUPLICATE_DETECTION, strict).build();
  }

  private static SimpleModule wireTypes() {
    var module = new SimpleModule("parley");
    module.addDeserializer(String.class, new TextReader<>(String.class, text -> text));
    // PostgreSQL keeps microseconds; what is answered at once must equal what is read later.
    module.addSerializer(
        Instant.class,
        new TextWriter<>(Instant.class, at -> at.truncatedTo(ChronoUnit.MICROS).toString()));
    module.addDeserializer(Instant.class, new TextReader<>(Instant.class, Text::instant));
    module.addSerializer(Raw.class, new RawWriter());
    module.addDeserializer(Clearable.class, new ClearableReader());
    secret(module, Password.class, Password::new);
    secret(module, RefreshToken.class, RefreshToken::new);
    text(module, OrgId.class, OrgId::of, OrgId::toString);
    text(module, RoomId.class, RoomId::of, RoomId::toString);
    text(module, TaskId.class, TaskId::of, TaskId::toString);
    text(module, TaskStatus.class, TaskStatus::ofWireName, TaskStatus::wireName);
    text(module, TaskPriority.class, TaskPriority::ofWireName, TaskPriority::wireName);
    text(module, UserId.class, UserId::member, UserId::toString);
    text(module, DeviceId.class, DeviceId::of, DeviceId::toString);
    text(module, FileId.class, FileId::of, FileId::toString);
    text(module, Role.class, Role::ofWireName, Role::wireName);
    text(module, RoomKind.class, RoomKind::ofWireName, RoomKind::wireName);
    return module;
  }

  /// Secrets are only ever read.
  private static <T> void secret(SimpleModule module, Class<T> type, Function<String, T> read) {
    module.addDeserializer(type, new TextReader<>(type, read));
  }

  private static <T> void text(
      SimpleModule module, Class<T> type, Function<String, T> read, Function<T, String> write) {
    module.addDeserializer(type, new TextReader<>(type, read));
    module.addSerializer(type, new TextWriter<>(type, write));
  }

  private static <T> T complete(T value) {
    if (value instanceof Record record) {
      for (var component : record.getClass().getRecordComponents()) {
        complete(record, component);
      }
    }
    if (value instanceof List<?> list) {
      for (var element : list) {
        if (element == null) {
          throw Refusal.badRequest("a list holds no null");
        }
        complete(element);
      }
    }
    return value;
  }

  private static void complete(Record record, RecordComponent component) {
    var value = valueOf(record, component);
    if (value != null) {
      complete(value);
    } else if (!isOptional(component)) {
      throw Refusal.badRequest(wireName(component.getName()) + " is required");
    }
  }

  private static @Nullable Object valueOf(Record record, RecordComponent component) {
    try {
      var accessor = component.getAccessor();
      accessor.setAccessible(true);
      return accessor.invoke(record);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("cannot read " + component, e);
    }
  }

  private static String explain(JacksonException e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof RefusedException refused) {
        return refused.refusal().message();
      }
    }
    return switch (e) {
      case UnrecognizedPropertyException unknown -> "unknown field " + unknown.getPropertyName();
      case DatabindException bound when !bound.getPath().isEmpty() ->
          path(bound) + " is missing or of the wrong type";
      case DatabindException _ -> "the body must be a JSON object of the documented shape";
      default -> "not JSON: " + e.getOriginalMessage();
    };
  }

  private static String path(DatabindException e) {
    return e.getPath().stream()
        .map(
            step ->
                step.getPropertyName() == null
                    ? "[" + step.getIndex() + "]"
                    : step.getPropertyName())
        .collect(Collectors.joining("."));
  }

  /// Reads a type from its text form.
  private static final class TextReader<T> extends StdDeserializer<T> {
    private final transient Function<String, T> read;

    TextReader(Class<T> type, Function<String, T> read) {
      super(type);
      this.read = read;
    }

    @Override
    public @Nullable T deserialize(JsonParser parser, DeserializationContext context) {
      var name = parser.currentName() == null ? "the value" : parser.currentName();
      if (parser.currentToken() != JsonToken.VALUE_STRING) {
        throw Refusal.badRequest(name + " must be a string");
      }
      return read.apply(Text.checked(name, parser.getString()));
    }
  }

  /// Reads a text, or the wish that there be none.
  private static final class ClearableReader extends StdDeserializer<Clearable> {
    ClearableReader() {
      super(Clearable.class);
    }

    @Override
    public @Nullable Clearable deserialize(JsonParser parser, DeserializationContext context) {
      var text = new TextReader<>(String.class, read -> read).deserialize(parser, context);
      return new Clearable(Optional.ofNullable(text));
    }

    @Override
    public Clearable getNullValue(DeserializationContext context) {
      return new Clearable(Optional.empty());
    }

    @Override
    public @Nullable Object getAbsentValue(DeserializationContext context) {
      return null;
    }
  }

  /// Writes a type in its text form.
  private static final class TextWriter<T> extends StdSerializer<T> {
    private final transient Function<T, String> write;

    TextWriter(Class<T> type, Function<T, String> write) {
      super(type);
      this.write = write;
    }

    @Override
    public void serialize(T value, JsonGenerator json, SerializationContext context) {
      json.writeString(write.apply(value));
    }
  }

  /// Writes what was written before.
  private static final class RawWriter extends StdSerializer<Raw> {
    RawWriter() {
      super(Raw.class);
    }

    @Override
    public void serialize(Raw value, JsonGenerator json, SerializationContext context) {
      json.writeRawValue(value.json());
    }
  }
}
