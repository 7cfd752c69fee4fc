package dev.parley.server.adapter.postgres;

import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The present row of a result, by column name. The plain getters refuse SQL's null; the others say
/// in their type that it may be there.
public final class Row {
  private final ResultSet result;

  Row(ResultSet result) {
    this.result = result;
  }

  public String text(String column) throws SQLException {
    return present(column, result.getString(column));
  }

  public Optional<String> optionalText(String column) throws SQLException {
    return Optional.ofNullable(result.getString(column));
  }

  public long number(String column) throws SQLException {
    long value = result.getLong(column);
    refuseNull(column);
    return value;
  }

  public OptionalLong optionalNumber(String column) throws SQLException {
    long value = result.getLong(column);
    return result.wasNull() ? OptionalLong.empty() : OptionalLong.of(value);
  }

  public int integer(String column) throws SQLException {
    int value = result.getInt(column);
    refuseNull(column);
    return value;
  }

  public boolean flag(String column) throws SQLException {
    boolean value = result.getBoolean(column);
    refuseNull(column);
    return value;
  }

  public UUID uuid(String column) throws SQLException {
    return present(column, result.getObject(column, UUID.class));
  }

  public Optional<UUID> optionalUuid(String column) throws SQLException {
    return Optional.ofNullable(result.getObject(column, UUID.class));
  }

  public Instant instant(String column) throws SQLException {
    return present(column, result.getObject(column, OffsetDateTime.class)).toInstant();
  }

  public Optional<Instant> optionalInstant(String column) throws SQLException {
    return Optional.ofNullable(result.getObject(column, OffsetDateTime.class))
        .map(OffsetDateTime::toInstant);
  }

  public byte[] bytes(String column) throws SQLException {
    return present(column, result.getBytes(column));
  }

  /// The elements of a text array.
  public List<String> texts(String column) throws SQLException {
    return elements(column, String[].class);
  }

  /// The elements of a uuid array.
  public List<UUID> uuids(String column) throws SQLException {
    return elements(column, UUID[].class);
  }

  /// The elements of a bigint array.
  public List<Long> numbers(String column) throws SQLException {
    return elements(column, Long[].class);
  }

  private <T> List<T> elements(String column, Class<T[]> type) throws SQLException {
    Array array = present(column, result.getArray(column));
    return Arrays.asList(type.cast(array.getArray()));
  }

  private void refuseNull(String column) throws SQLException {
    if (result.wasNull()) {
      throw nullIn(column);
    }
  }

  private static <T> T present(String column, @Nullable T value) {
    if (value == null) {
      throw nullIn(column);
    }
    return value;
  }

  private static IllegalStateException nullIn(String column) {
    return new IllegalStateException("column " + column + " is null");
  }
}
