package dev.parley.server.adapter.postgres;

import dev.parley.server.base.DeviceId;
import dev.parley.server.base.OrgId;
import dev.parley.server.base.RoomId;
import dev.parley.server.base.TaskId;
import dev.parley.server.base.UserId;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Binds the arguments of one statement, each by its Java type.
final class Arguments {
  private final Connection connection;
  private final PreparedStatement statement;

  Arguments(Connection connection, PreparedStatement statement) {
    this.connection = connection;
    this.statement = statement;
  }

  /// Whether one of them is an array of values.
  static boolean hasList(@Nullable Object... arguments) {
    return Arrays.stream(arguments).anyMatch(Arguments::isList);
  }

  private static boolean isList(@Nullable Object argument) {
    return argument instanceof Optional<?> optional
        ? isList(optional.orElse(null))
        : argument != null && argument.getClass().isArray() && !(argument instanceof byte[]);
  }

  void bind(@Nullable Object... arguments) throws SQLException {
    for (int i = 0; i < arguments.length; i++) {
      bind(i + 1, arguments[i]);
    }
  }

  private void bind(int index, @Nullable Object argument) throws SQLException {
    switch (argument) {
      case null -> statement.setNull(index, Types.NULL);
      case Optional<?> optional -> bind(index, optional.orElse(null));
      case String text -> statement.setString(index, text);
      case Long number -> statement.setLong(index, number);
      case Integer number -> statement.setInt(index, number);
      case Boolean flag -> statement.setBoolean(index, flag);
      case Double number -> statement.setDouble(index, number);
      case UUID uuid -> statement.setObject(index, uuid);
      case Instant instant -> statement.setObject(index, timestamp(instant));
      case byte[] bytes -> statement.setBytes(index, bytes);
      case OrgId id -> statement.setObject(index, id.value());
      case RoomId id -> statement.setObject(index, id.value());
      case TaskId id -> statement.setObject(index, id.value());
      case DeviceId id -> statement.setObject(index, id.value());
      case UserId id -> statement.setString(index, id.value());
      default -> statement.setArray(index, array(argument));
    }
  }

  private Array array(Object argument) throws SQLException {
    return switch (argument) {
      case String[] texts -> connection.createArrayOf("text", texts);
      case UUID[] uuids -> connection.createArrayOf("uuid", uuids);
      case long[] numbers ->
          connection.createArrayOf("int8", Arrays.stream(numbers).boxed().toArray());
      case int[] numbers ->
          connection.createArrayOf("int4", Arrays.stream(numbers).boxed().toArray());
      case boolean[] flags -> connection.createArrayOf("bool", boxed(flags));
      case Instant[] instants ->
          connection.createArrayOf(
              "timestamptz", Arrays.stream(instants).map(Arguments::timestamp).toArray());
      case byte[][] values -> connection.createArrayOf("bytea", values);
      default -> throw new IllegalArgumentException("no SQL type for " + argument.getClass());
    };
  }

  private static Object[] boxed(boolean[] flags) {
    var boxed = new Object[flags.length];
    for (int i = 0; i < flags.length; i++) {
      boxed[i] = flags[i];
    }
    return boxed;
  }

  private static OffsetDateTime timestamp(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
  }
}
